import Graph

/// A condition or a measure with every name found in the schema and every kind checked.
indirect enum ConditionExpression: Sendable, Hashable {
  case number(Double)
  /// Seconds.
  case duration(Int64)
  case time(Timestamp)
  case text(String)
  case truth(Bool)
  case column(ColumnOf)
  /// How long ago a time was.
  case age(ConditionExpression)
  case aggregate(Aggregate)
  case negative(ConditionExpression)
  case arithmetic(ArithmeticSign, ConditionExpression, ConditionExpression)
  case comparison(ComparisonSign, ConditionExpression, ConditionExpression)
  case among(ConditionExpression, [ConditionExpression])
  case contains(ConditionExpression, String)
  case missing(ConditionExpression)
  case not(ConditionExpression)
  case all([ConditionExpression])
  case any([ConditionExpression])

  /// Whose column: the node's that is asked about, an edge's of it, or that of the node at the edge's other end.
  enum Owner: Sendable, Hashable { case node, edge, other }

  struct ColumnOf: Sendable, Hashable {
    var owner: Owner
    /// The type's name, or the relation's.
    var ownerName: String
    var name: String
    var kind: Kind
    var isLabel = false
  }

  enum Statistic: String, Sendable, CaseIterable { case count, distinct, share, sum, mean, min, max }

  struct Aggregate: Sendable, Hashable {
    var owner: Owner
    /// The type of the node whose edges they are, and of those at the other ends.
    var ownerType: String
    var otherType: String
    var statistic: Statistic
    var relation: String
    var direction: Direction
    /// Whether the direction has to be said, because both ends are of one type.
    var saysDirection: Bool
    var value: ColumnOf?
    var condition: ConditionExpression?
    /// Seconds before the as-of time; for ever without.
    var window: Int64?
  }

  enum Kind: Sendable, Hashable {
    case number, flag, duration, time, text, truth

    var words: String {
      switch self {
      case .number: "a number"
      case .flag: "a flag"
      case .duration: "a time span"
      case .time: "a time"
      case .text: "a text"
      case .truth: "a condition"
      }
    }
  }

  var kind: Kind {
    switch self {
    case .number: .number
    case .duration, .age: .duration
    case .time: .time
    case .text: .text
    case .column(let column): column.kind
    case .aggregate(let aggregate):
      switch aggregate.statistic {
      case .min, .max: aggregate.value.map { $0.kind == .flag ? .number : $0.kind } ?? .number
      default: .number
      }
    case .negative(let inner): inner.kind == .duration ? .duration : .number
    case .arithmetic(let sign, let a, let b): ConditionExpression.kind(sign, a.kind, b.kind) ?? .number
    case .truth, .comparison, .among, .contains, .missing, .not, .all, .any: .truth
    }
  }

  /// What comes out of an operation on two kinds; nil where it makes no sense.
  static func kind(_ sign: ArithmeticSign, _ a: Kind, _ b: Kind) -> Kind? {
    let (a, b) = (a == .flag ? .number : a, b == .flag ? .number : b)
    return switch (sign, a, b) {
    case (_, .number, .number): .number
    case (.plus, .duration, .duration), (.minus, .duration, .duration): .duration
    case (.times, .duration, .number), (.times, .number, .duration), (.over, .duration, .number): .duration
    case (.over, .duration, .duration): .number
    case (.minus, .time, .time): .duration
    case (.plus, .time, .duration), (.plus, .duration, .time), (.minus, .time, .duration): .time
    default: nil
    }
  }
}
