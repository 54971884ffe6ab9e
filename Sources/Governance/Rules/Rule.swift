import Features
import Graph

/// A named condition that stands for a clause of a policy.
public struct Rule: Sendable, Equatable {
  public enum Severity: String, Sendable, CaseIterable, Codable {
    case low, medium, high
    /// Whoever meets it is reviewed, whatever a model says.
    case review
  }
  public enum Mode: String, Sendable, CaseIterable, Codable {
    /// Counted and shown, acting on nothing.
    case shadow
    case live
  }

  public var name: String
  public var nodeType: String
  public var condition: Condition
  public var severity: Severity
  public var policy: String?
  public var mode: Mode

  /// `many-refunds: refund rate is more than 0.2 (4.2 Refunds)`
  public var words: String { "\(name): \(condition.words)" + (policy.map { " (\($0))" } ?? "") }
}

/// Everything that is wrong with a rule file, each mistake with its place.
public struct RuleFileError: Error, Equatable, CustomStringConvertible {
  public let file: String
  public let problems: [ConditionError.Problem]

  public var description: String { problems.map { "\(file):\($0)" }.joined(separator: "\n") }
}

/// The rules of a file.
///
///     # What the policy says, as conditions.
///     rule many-refunds of merchant
///       when      refund_rate > 20% and count(refunds, 30d) >= 5
///                 and age(opened_at) < 90d
///       severity  high                 # low, medium, high; review: always reviewed
///       policy    4.2 Refunds
///       mode      shadow               # counted only; live: counts
///
/// Severity is medium and mode shadow where nothing is said: a new rule first shows what it would do.
public struct RuleBook: Sendable, Equatable {
  public let rules: [Rule]
  /// As it was read.
  public let text: String

  public static let none = RuleBook()

  private init() { (rules, text) = ([], "") }

  public init(_ text: String, file: String = "rules", in schema: Schema) throws(RuleFileError) {
    var reader = RuleReader(schema: schema)
    reader.read(text)
    guard reader.problems.isEmpty else {
      throw RuleFileError(file: file, problems: reader.problems.sorted { $0.place < $1.place })
    }
    rules = reader.rules
    self.text = text
  }
}
