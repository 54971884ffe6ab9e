/// How we read and write delimited text: RFC 4180, with a header.
enum Dialect {
  /// Bytes. DuckDB holds some rows in memory at once, so this is no invitation.
  static let longestRow = 16 << 20
}
