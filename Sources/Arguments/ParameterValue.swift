import Compute

/// What one text of a command line can be read as: a number, a date, one of a few words.
///
/// An enumeration of texts needs no more than the conformance:
///
///     enum Format: String, CaseIterable, ArgumentValue { case csv, parquet }
public protocol ArgumentValue: ParameterValue where Item == Self {
  init(argument text: String) throws(ValueMistake)
  /// The value as it would stand on a command line; shown where help names a default.
  var argument: String { get }
  /// What help writes for it where the parameter says nothing better: `NUMBER`.
  static var placeholder: String { get }
  /// All there are, where there are few.
  static var choices: [String] { get }
  static var completion: Completion { get }
}

extension ArgumentValue {
  public static var choices: [String] { [] }
  public static var completion: Completion { .none }
}

extension ArgumentValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  public init(argument text: String) throws(ValueMistake) {
    guard let value = Self(rawValue: text) else {
      throw ValueMistake(
        "is none of \(listed(Self.choices, "and"))", nearest: nearestName(to: text, among: Self.choices))
    }
    self = value
  }
  public var argument: String { rawValue }
  public static var placeholder: String { choices.joined(separator: "|") }
  public static var choices: [String] { allCases.map(\.rawValue) }
}

/// What a shell offers where a value is wanted.
public enum Completion: Sendable, Equatable { case none, file, folder }

/// What a parameter gives when it is read: a value, perhaps a value, or several.
///
/// The type says what is allowed: `Int` must be given (or have a default), `Int?` may be left out, `[Int]` may be
/// given several times, and as a comma list.
public protocol ParameterValue: Sendable {
  associatedtype Item: ArgumentValue
  static var arity: Arity { get }
  /// Needs: as many items as the arity allows. Nil where there are too few.
  init?(items: [Item])
  var items: [Item] { get }
}

public enum Arity: Sendable, Equatable { case one, oneAtMost, many }

extension ArgumentValue {
  public static var arity: Arity { .one }
  public init?(items: [Self]) {
    guard let last = items.last else { return nil }
    self = last
  }
  public var items: [Self] { [self] }
}

extension Optional: ParameterValue where Wrapped: ArgumentValue {
  public static var arity: Arity { .oneAtMost }
  public init?(items: [Wrapped]) {
    if let last = items.last { self = .some(last) } else { self = .none }
  }
  public var items: [Wrapped] { map { [$0] } ?? [] }
}

extension Array: ParameterValue where Element: ArgumentValue {
  public static var arity: Arity { .many }
  public init?(items: [Element]) { self = items }
  public var items: [Element] { self }
}

/// Why a text is not a value, as the end of a sentence that starts with it: "is not a whole number".
public struct ValueMistake: Error, Equatable {
  public let reason: String
  /// What was probably meant.
  public let nearest: String?

  public init(_ reason: String, nearest: String? = nil) {
    self.reason = reason
    self.nearest = nearest
  }
}
