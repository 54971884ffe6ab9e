/// Writing names and values into SQL. Values belong in bindings; this is for what SQL takes nowhere else: names of tables
/// and columns, and names of files.
public enum SQL {
  /// A name in double quotes, whatever characters it has.
  ///
  ///     SQL.name("order \"x\"")      // "order ""x"""
  public static func name(_ name: String) -> String { quoted(name, by: "\"") }

  /// A text in single quotes, for where a binding cannot stand (a file's name in `read_csv`).
  ///
  ///     SQL.text("O'Hara.csv")       // 'O''Hara.csv'
  public static func text(_ text: String) -> String { quoted(text, by: "'") }

  /// A path as DuckDB's readers take it: characters that would make it a pattern stand for themselves.
  public static func file(_ path: String) -> String {
    var pattern = ""
    for scalar in path.unicodeScalars {
      if "*?[".unicodeScalars.contains(scalar) {
        pattern += "[\(scalar)]"
      } else {
        pattern.unicodeScalars.append(scalar)
      }
    }
    return text(pattern)
  }

  /// `['a', 'b']`
  public static func texts(_ texts: [String]) -> String {
    "[" + texts.map(SQL.text).joined(separator: ", ") + "]"
  }

  private static func quoted(_ text: String, by mark: Unicode.Scalar) -> String {
    var result = String.UnicodeScalarView()
    result.append(mark)
    // Scalar by scalar: a quote followed by a combining accent is one Character, but still ends a text for DuckDB.
    for scalar in text.unicodeScalars {
      if scalar == mark { result.append(mark) }
      result.append(scalar)
    }
    result.append(mark)
    return String(result)
  }
}

/// A value bound to a parameter (`?` or `$1`) of a statement.
public enum Binding: Sendable, Equatable {
  case null
  case flag(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
}

extension Binding: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .text(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .flag(value) }
  public init(nilLiteral: ()) { self = .null }
}
