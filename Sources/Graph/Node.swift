/// A node's place within its type, in one snapshot. Dense, from 0. Never leaves the program.
public struct NodeID: Hashable, Comparable, Sendable {
  public let rawValue: UInt32

  public init(_ rawValue: UInt32) { self.rawValue = rawValue }

  public static func < (a: NodeID, b: NodeID) -> Bool { a.rawValue < b.rawValue }

  @inlinable
  public var index: Int { Int(rawValue) }
}

/// A node's name outside, which lasts: its type and its key, written `merchant:M42`.
public struct NodeKey: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let type: String
  public let key: String

  public init(type: String, key: String) {
    self.type = type
    self.key = key
  }

  /// Reads `type:key`. The key may itself hold colons.
  public init?(_ text: String) {
    guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else { return nil }
    self.init(type: String(text[..<colon]), key: String(text[text.index(after: colon)...]))
  }

  public var description: String { "\(type):\(key)" }

  public static func < (a: NodeKey, b: NodeKey) -> Bool { (a.type, a.key) < (b.type, b.key) }
}
