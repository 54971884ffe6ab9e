import Graph

/// What was asked when groups were sought.
public struct GroupQuestion: Sendable, Hashable {
  /// Whether each node is in one group, or groups may overlap and leave nodes out.
  public enum Kind: String, Sendable { case division, blocks }

  /// Who is tied by what: `merchant-device|address-merchant`.
  public var path: String
  public var kind: Kind
  /// `leiden`, `dense-blocks`, …
  public var method: String
  public var resolution: Double?
  public var seed: UInt64
  /// The instant before which everything had to be known; nil for all.
  public var asOf: Timestamp?
  /// Whatever else was set, as a JSON document; equal settings are equal texts.
  public var settings: String

  public init(
    path: String, kind: Kind = .division, method: String, resolution: Double? = nil, seed: UInt64 = 1,
    asOf: Timestamp? = nil, settings: String = "{}"
  ) {
    self.path = path
    self.kind = kind
    self.method = method
    self.resolution = resolution
    self.seed = seed
    self.asOf = asOf
    self.settings = settings
  }
}

/// One search for groups as it is kept: what was asked, of which snapshot, and the proof of the answer.
public struct GroupRun: Sendable, Hashable {
  public let number: Int
  /// UTC, as ISO 8601.
  public let at: String
  /// 0 before the first import.
  public let snapshot: Int
  public let question: GroupQuestion
  /// What was checked of the result, as a JSON document.
  public let certificate: String
  public let groupCount: Int
}

/// A group of nodes with a name that lasts from run to run.
public struct StoredGroup: Sendable, Equatable {
  /// One look at the group: a number, what it is compared with, and both in a sentence.
  public struct Part: Sendable, Equatable {
    public var kind: String
    public var value: Double
    public var comparison: Double
    public var pValue: Double?
    /// From 0 to 1.
    public var strength: Double
    /// Says `placeholder` where it speaks of `thing`, so that the thing can be forgotten and the number kept.
    public var template: String
    public var thing: NodeKey?

    public static let placeholder = "{thing}"

    public init(
      kind: String, value: Double, comparison: Double, pValue: Double? = nil, strength: Double,
      template: String, thing: NodeKey? = nil
    ) {
      self.kind = kind
      self.value = value
      self.comparison = comparison
      self.pValue = pValue
      self.strength = strength
      self.template = template
      self.thing = thing
    }

    /// `14 of 16 share account:A-9; in degree-matched random groups: 0.3`
    public var sentence: String {
      template.replacing(Part.placeholder, with: thing.map { "\($0)" } ?? "one that was forgotten")
    }
  }

  /// `C17`: no other group of the store has ever had it.
  public var name: String
  /// Sorted. Forgotten ones are gone.
  public var members: [NodeKey]
  /// From 0 to 1; nil where nothing is known that would tell.
  public var suspicion: Double?
  public var parts: [Part]
  /// Further numbers, as a JSON document.
  public var figures: String

  public init(
    name: String = "", members: [NodeKey], suspicion: Double? = nil, parts: [Part] = [],
    figures: String = "{}"
  ) {
    self.name = name
    self.members = members
    self.suspicion = suspicion
    self.parts = parts
    self.figures = figures
  }
}

/// A store's graph together with what a later write must know of the moment at which it was read.
public struct GraphReading: Sendable {
  public let graph: MarketGraph
  /// 0 before the first import.
  public let snapshot: Int
  /// The newest entry of the list of forgotten nodes.
  let forgotten: Int
}
