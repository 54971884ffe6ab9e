// What a command takes: options with values, flags, and arguments known by their place.
//
// Each is a constant of the command, and the key by which the command asks for what was given:
//
//     let limit = Option("limit", "How many to show.", default: 20)
//     …
//     input[limit]      // an Int

/// Anything that a command takes.
public protocol Parameter: Sendable {
  var face: ParameterFace { get }
  /// The value out of all the texts given for it.
  func read(_ texts: [String]) throws(ValueMistake) -> any Sendable
}

/// A parameter whose type is known: what `Input` is asked with.
public protocol TypedParameter<Value>: Parameter {
  associatedtype Value: Sendable
}

/// What parsing, help and completion need to know of a parameter.
public struct ParameterFace: Sendable, Equatable {
  public enum Kind: Sendable, Equatable { case flag, option, positional }

  public var kind: Kind
  public var name: String
  public var short: Character?
  public var placeholder: String
  public var help: String
  public var arity: Arity
  public var isRequired: Bool
  public var defaultText: String?
  public var choices: [String]
  public var completion: Completion

  /// As it stands in messages: `--limit`, or `<store>`.
  public var title: String { kind == .positional ? "<\(name)>" : "--\(name)" }
}

/// An option with a value: `--limit 20`, `--limit=20`.
///
/// With a default, or of type `Value?` or `[Value]`, it may be left out; else it must be given. One of type `[Value]`
/// may be given several times, and each time as a comma list.
public struct Option<Value: ParameterValue>: TypedParameter {
  public let face: ParameterFace
  private let fallback: Value?
  private let accepts: (@Sendable (Value.Item) -> String?)?

  /// `accepts` gives the reason where a value will not do, as the end of a sentence that starts with it.
  public init(
    _ name: String, _ help: String, as placeholder: String? = nil, short: Character? = nil,
    default fallback: Value? = nil,
    completion: Completion? = nil, accepts: (@Sendable (Value.Item) -> String?)? = nil
  ) {
    let texts = fallback?.items.map(\.argument) ?? []
    face = ParameterFace(
      kind: .option, name: name, short: short, placeholder: placeholder ?? Value.Item.placeholder,
      help: help,
      arity: Value.arity, isRequired: Value.arity == .one && fallback == nil,
      defaultText: texts.isEmpty ? nil : texts.joined(separator: ","), choices: Value.Item.choices,
      completion: completion ?? Value.Item.completion)
    self.fallback = fallback
    self.accepts = accepts
  }

  public func read(_ texts: [String]) throws(ValueMistake) -> any Sendable {
    if texts.isEmpty, let fallback { return fallback }
    var pieces = texts
    if face.arity == .many { pieces = texts.flatMap { $0.split(separator: ",").map(String.init) } }
    return try items(pieces, as: Value.self, accepts: accepts)
  }
}

/// An option without a value: `--force`.
public struct Flag: TypedParameter {
  public typealias Value = Bool
  public let face: ParameterFace

  public init(_ name: String, _ help: String, short: Character? = nil) {
    face = ParameterFace(
      kind: .flag, name: name, short: short, placeholder: "", help: help, arity: .oneAtMost,
      isRequired: false,
      defaultText: nil, choices: [], completion: .none)
  }

  public func read(_ texts: [String]) -> any Sendable { !texts.isEmpty }
}

/// An argument known by its place. One of type `[Value]` takes all that are left; it comes last.
public struct Positional<Value: ParameterValue>: TypedParameter {
  public let face: ParameterFace
  private let fallback: Value?
  private let accepts: (@Sendable (Value.Item) -> String?)?

  /// `atLeastOne` makes a list required.
  public init(
    _ name: String, _ help: String, default fallback: Value? = nil, atLeastOne: Bool = false,
    completion: Completion? = nil, accepts: (@Sendable (Value.Item) -> String?)? = nil
  ) {
    face = ParameterFace(
      kind: .positional, name: name, short: nil, placeholder: name, help: help, arity: Value.arity,
      isRequired: fallback == nil && (Value.arity == .one || atLeastOne),
      defaultText: fallback?.items.map(\.argument).joined(separator: " "), choices: Value.Item.choices,
      completion: completion ?? Value.Item.completion)
    self.fallback = fallback
    self.accepts = accepts
  }

  public func read(_ texts: [String]) throws(ValueMistake) -> any Sendable {
    if texts.isEmpty, let fallback { return fallback }
    return try items(texts, as: Value.self, accepts: accepts)
  }
}

private func items<Value: ParameterValue>(
  _ texts: [String], as: Value.Type, accepts: ((Value.Item) -> String?)?
) throws(ValueMistake) -> Value {
  var items: [Value.Item] = []
  for text in texts {
    let item = try Value.Item(argument: text)
    if let reason = accepts?(item) { throw ValueMistake(reason) }
    items.append(item)
  }
  guard let value = Value(items: items) else { throw ValueMistake("is missing") }
  return value
}

/// For `accepts`: numbers of a range.
///
///     Option("limit", "How many.", default: 20, accepts: within(1...))
public func within<Bounds: RangeExpression & Sendable>(
  _ bounds: Bounds
) -> @Sendable (Bounds.Bound) -> String?
where Bounds.Bound: Sendable & ArgumentValue {
  { bounds.contains($0) ? nil : "is not within \(spoken(bounds))" }
}

private func spoken<Bounds: RangeExpression>(_ bounds: Bounds) -> String where Bounds.Bound: ArgumentValue {
  switch bounds {
  case let range as ClosedRange<Bounds.Bound>:
    "\(range.lowerBound.argument) to \(range.upperBound.argument)"
  case let range as PartialRangeFrom<Bounds.Bound>: "\(range.lowerBound.argument) and more"
  case let range as PartialRangeThrough<Bounds.Bound>: "\(range.upperBound.argument) and less"
  case let range as Range<Bounds.Bound>:
    "\(range.lowerBound.argument) to less than \(range.upperBound.argument)"
  default: "\(bounds)"
  }
}
