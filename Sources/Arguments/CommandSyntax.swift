/// What a command is called, what it takes, and what help says of it. What it does is the program's own affair.
///
/// The parameters are the type's stored constants, in the order in which they are declared:
///
///     struct Greet: CommandSyntax {
///       let name = "greet"
///       let summary = "Says hello."
///       let examples = [Example("greet Ada --times 2", "Says hello to Ada, twice.")]
///
///       let who = Positional<String>("name", "Whom to greet.")
///       let times = Option("times", "How often.", default: 1)
///     }
public protocol CommandSyntax: Sendable {
  var name: String { get }
  /// One sentence.
  var summary: String { get }
  /// Paragraphs for its help, after the summary.
  var discussion: String { get }
  var examples: [Example] { get }
  var parameters: [any Parameter] { get }
  var rules: [Rule] { get }
  /// Where there are some, the command itself does nothing.
  var subcommands: [any CommandSyntax] { get }
}

extension CommandSyntax {
  public var discussion: String { "" }
  public var examples: [Example] { [] }
  public var rules: [Rule] { [] }
  public var subcommands: [any CommandSyntax] { [] }

  public var parameters: [any Parameter] {
    Mirror(reflecting: self).children.compactMap { $0.value as? any Parameter }
  }
}

/// A command line and what it does. The program's name is put in front.
public struct Example: Sendable, Equatable {
  public let line: String
  public let says: String

  public init(_ line: String, _ says: String) {
    self.line = line
    self.says = says
  }
}

/// What may stand together on a command line.
public enum Rule: Sendable {
  case atMostOne([any Parameter])
  case exactlyOne([any Parameter])

  public static func atMostOne(_ parameters: any Parameter...) -> Rule { .atMostOne(parameters) }
  public static func exactlyOne(_ parameters: any Parameter...) -> Rule { .exactlyOne(parameters) }
}
