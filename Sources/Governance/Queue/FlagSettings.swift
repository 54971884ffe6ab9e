import Graph

/// What a day's queue is to be.
public struct FlagSettings: Sendable, Codable, Equatable {
  /// At most so many of what a quota names: a node type, or a value of a category column.
  public struct Quota: Sendable, Codable, Equatable {
    public var column: String?
    public var value: String
    public var most: Int

    public init(column: String? = nil, value: String, most: Int) {
      (self.column, self.value, self.most) = (column, value, most)
    }
  }

  public var targets: [String]
  /// So many reviews; a case is one, however many members.
  public var budget: Int
  /// Nobody below it is flagged for a score: a quiet day gives a short queue.
  public var line = 0.5
  /// The share of reviews spent on nodes drawn at random, so that labels stay representative.
  public var exploration = 0.05
  /// The share of reviews that golden cases take, where there are some.
  public var golden = 0.02
  public var quotas: [Quota] = []
  /// The promised share of false flags; nil where none is asked for.
  public var maxFalse: Double?
  /// What a person exposed counts for, in the currency of the money.
  public var personWorth = 10.0
  /// Groups below it gather nobody.
  public var gatheringSuspicion = 0.3
  /// A case has so many members at most.
  public var mostMembers = 40
  public var seed: UInt64 = 1
  /// Whom to ask for money and people, by type, in the language of conditions; found from the schema without.
  public var exposure: [String: Exposure] = [:]
  /// Models by target: `merchant/trees`, with a version.
  public var models: [String: ModelName] = [:]

  public struct ModelName: Sendable, Codable, Equatable {
    public var name: String
    public var version: Int?

    public init(_ name: String, version: Int? = nil) { (self.name, self.version) = (name, version) }
  }

  public init(targets: [String], budget: Int) {
    self.targets = targets
    self.budget = budget
  }

  func check() throws(GovernanceError) {
    guard budget > 0 else { throw .badSetting(name: "--budget", reason: "at least one review") }
    guard (0...0.9).contains(exploration) else {
      throw .badSetting(name: "--exploration", reason: "a share between 0 and 0.9")
    }
    guard (0...1).contains(line) else { throw .badSetting(name: "--line", reason: "a probability") }
    if let maxFalse, !(maxFalse > 0 && maxFalse < 1) {
      throw .badSetting(name: "--max-false", reason: "a share between 0 and 1, as 0.1")
    }
  }
}

/// How much a node of a type matters: measures of money and of people.
public struct Exposure: Sendable, Codable, Equatable {
  public var money: String?
  public var people: String?

  public init(money: String? = nil, people: String? = nil) { (self.money, self.people) = (money, people) }

  /// From the schema: the first relation in time that reaches the type with an amount gives money and people of the last
  /// 30 days; else the first relation in time from another type gives people.
  public static func found(for type: String, in schema: Schema) -> Exposure {
    let reaching = schema.relations.filter { $0.to == type && $0.from != type && !$0.clocks.isTimeless }
    func amount(_ relation: RelationType) -> String? {
      let names = ["amount", "price", "total", "value"]
      return relation.columns.first { $0.kind == .number && names.contains($0.name) }?.name
    }
    func written(_ name: String) -> String {
      name.split(separator: ".").map { "`\($0)`" }.joined(separator: ".")
    }
    if let relation = reaching.first(where: { amount($0) != nil }), let column = amount(relation) {
      return Exposure(
        money: "sum(\(written(relation.name)).`\(column)`, 30d)",
        people: "distinct(\(written(relation.name)), 30d)")
    }
    return Exposure(people: reaching.first.map { "distinct(\(written($0.name)))" })
  }
}
