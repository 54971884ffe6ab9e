import Foundation

/// More or fewer columns than the default, and what the schema cannot say: a small JSON file.
///
///     {"batches": ["bid.tender"], "withoutVerdictsOn": ["firm"], "windowDays": [7, 30, 90], "leaveOut": ["burst"]}
public struct FeatureChoice: Sendable, Codable, Hashable {
  /// Ends, written `table.end`, whose events of one instant are complete when they are scored.
  public var batches: [String] = []
  /// Types of nodes whose own known labels may not be used. A target that is no event never sees its own.
  public var withoutVerdictsOn: [String] = []
  /// Columns of events, written `table.column`, that are known only after the event.
  public var outcomes: [String] = []
  /// Windows in days, or in multiples of the median gap between a node's events, instead of the recipe's.
  public var windowDays: [Double]?
  public var windowGaps: [Double]?
  public var halfLifeGaps: [Double]?
  /// Columns whose names hold one of these texts are left out; with `only`, all but those.
  public var leaveOut: [String] = []
  public var only: [String] = []
  /// Further event features, as `features --list --json` writes them.
  public var add: [EventFeature] = []
  /// Own columns of the target that may not be used.
  public var withoutColumns: [String] = []
  /// Whether to look for changes in the number of events a day (`ChangeFeature`): slow, so not by default.
  public var changes = false

  public init() {}

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Field.self)
    func texts(_ field: Field) throws -> [String] {
      try fields.decodeIfPresent([String].self, forKey: field) ?? []
    }
    batches = try texts(.batches)
    withoutVerdictsOn = try texts(.withoutVerdictsOn)
    outcomes = try texts(.outcomes)
    leaveOut = try texts(.leaveOut)
    only = try texts(.only)
    withoutColumns = try texts(.withoutColumns)
    changes = try fields.decodeIfPresent(Bool.self, forKey: .changes) ?? false
    windowDays = try fields.decodeIfPresent([Double].self, forKey: .windowDays)
    windowGaps = try fields.decodeIfPresent([Double].self, forKey: .windowGaps)
    halfLifeGaps = try fields.decodeIfPresent([Double].self, forKey: .halfLifeGaps)
    add = try fields.decodeIfPresent([EventFeature].self, forKey: .add) ?? []
  }

  private enum Field: String, CodingKey, CaseIterable {
    case batches, withoutVerdictsOn, outcomes, windowDays, windowGaps, halfLifeGaps, leaveOut, only, add
    case withoutColumns, changes
  }

  private enum CodingKeys: String, CodingKey {
    case batches, withoutVerdictsOn, outcomes, windowDays, windowGaps, halfLifeGaps, leaveOut, only, add
    case withoutColumns, changes
  }

  /// Reads the file's bytes. A field that is not known is refused, with those that are.
  public init(json: Data, file: String) throws(ExampleError) {
    let known = Field.allCases.map(\.rawValue)
    guard let object = (try? JSONSerialization.jsonObject(with: json)) as? [String: Any] else {
      throw .badChoice(file: file, reason: "it is no JSON object.")
    }
    if let unknown = object.keys.sorted().first(where: { !known.contains($0) }) {
      throw .badChoice(
        file: file, reason: "\"\(unknown)\" is not known. Known: \(known.joined(separator: ", ")).")
    }
    do {
      self = try JSONDecoder().decode(FeatureChoice.self, from: json)
    } catch DecodingError.typeMismatch(_, let context) {
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw .badChoice(file: file, reason: "\(path) is of another kind than it should be.")
    } catch { throw .badChoice(file: file, reason: "it cannot be read: \(error).") }
    for windows in [windowDays, windowGaps, halfLifeGaps].compactMap({ $0 })
    where windows.isEmpty || windows.contains(where: { !($0 > 0) || $0 > 1e6 }) {
      throw .badChoice(file: file, reason: "windows are numbers above 0, at least one.")
    }
  }

  /// The recipe with these windows.
  var recipe: EventRecipe {
    var recipe = EventRecipe()
    if let windowGaps { recipe.windowGaps = windowGaps }
    if let halfLifeGaps { recipe.halfLifeGaps = halfLifeGaps }
    if let windowDays { recipe.windowSeconds = windowDays.map { max(1, Int64($0 * 86_400)) } }
    recipe.seesChanges = changes
    return recipe
  }

  /// Throws where a table, an end or a column is named that is not there.
  func applied(to sources: [EventSource]) throws(ExampleError) -> [EventSource] {
    var sources = sources
    for name in batches {
      guard
        let place = sources.firstIndex(where: { source in
          source.table.ends.contains { "\(source.table.name).\($0.name)" == name }
        })
      else {
        let known = sources.flatMap { source in source.table.ends.map { "\(source.table.name).\($0.name)" } }
        throw .badChoice(
          file: "batches", reason: "there is no \"\(name)\". There are: \(known.joined(separator: ", ")).")
      }
      sources[place].batches.insert(String(name.dropFirst(sources[place].table.name.count + 1)))
    }
    for name in outcomes {
      guard
        let place = sources.firstIndex(where: { source in
          source.table.numbers.contains { "\(source.table.name).\($0.name)" == name }
        })
      else {
        let known = sources.flatMap { source in source.table.numbers.map { "\(source.table.name).\($0.name)" }
        }
        throw .badChoice(
          file: "outcomes", reason: "there is no \"\(name)\". There are: \(known.joined(separator: ", ")).")
      }
      sources[place].outcomes.insert(String(name.dropFirst(sources[place].table.name.count + 1)))
    }
    return sources
  }

  func wants(_ name: String) -> Bool {
    if !only.isEmpty, !only.contains(where: { name.contains($0) }) { return false }
    return !leaveOut.contains { name.contains($0) }
  }
}
