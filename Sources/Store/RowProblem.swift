import Graph

/// One row that cannot be taken in as it is, and why.
public struct RowProblem: Sendable, Hashable, CustomStringConvertible {
  public enum Kind: Sendable, Hashable {
    /// No node of that type has this key.
    case unknownKey(type: String)
    /// The key of a node stands twice, or is in the store already.
    case duplicateKey(type: String)
    case missingKey
    /// A cell that is not what its column should hold; `expected` says what.
    case badValue(expected: String)
    /// A row of a relation with clocks that bears no time.
    case missingTime
    case selfLoop
    /// Two rows with the same ends, in a relation that refuses them.
    case duplicateEdge
    /// The line cannot be read at all.
    case malformed(String)
  }

  public let file: String
  /// Counted from 1: the first row of data, or the first line of JSON.
  public let row: Int
  public let column: String
  /// What stands there, shortened.
  public let value: String
  public let kind: Kind

  public init(file: String, row: Int, column: String, value: String, kind: Kind) {
    self.file = file
    self.row = row
    self.column = column
    self.value = value.count > 80 ? value.prefix(79) + "…" : value
    self.kind = kind
  }

  public var description: String {
    let place = "\(file), row \(row)"
    return switch kind {
    case .unknownKey(let type):
      "\(place): \(column) is \"\(value)\", but no \(type) has that key. Add it to the \(type) table, or use "
        + "--unknown-keys skip (such rows are left out and counted) or create."
    case .duplicateKey(let type):
      "\(place): \(column) is \"\(value)\", but a \(type) with that key is there already. Keys must be unique."
    case .missingKey: "\(place): \(column) is empty, but a key must stand there."
    case .badValue(let expected): "\(place): \(column) is \"\(value)\", which is not \(expected)."
    case .missingTime:
      "\(place): \(column) is empty: when did this happen? Rows without a time would be seen at every time."
    case .selfLoop: "\(place): both ends are \"\(value)\", and the schema refuses self-loops."
    case .duplicateEdge:
      "\(place): \(value) stood before, and the schema refuses two rows with the same ends."
    case .malformed(let what): "\(place): \(what)."
    }
  }
}
