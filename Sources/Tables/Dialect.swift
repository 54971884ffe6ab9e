/// How delimited text is written and read: RFC 4180, with a header, in UTF-8; an empty field is a missing value.
enum Dialect {
  /// Bytes. DuckDB holds several rows in memory at once, so this is no invitation.
  static let longestRow = 16 << 20

  /// The fields of a header line, or nil where its quotes do not match.
  static func fields(of line: String, delimiter: Character) -> [String]? {
    var fields: [String] = []
    var field = ""
    var isQuoted = false
    var wasQuoted = false
    // Scalar by scalar, so that a quote with a combining accent after it is still a quote.
    let scalars = Array(line.unicodeScalars)
    let mark = delimiter.unicodeScalars.first!
    var position = 0
    while position < scalars.count {
      let scalar = scalars[position]
      position += 1
      if isQuoted {
        if scalar != "\"" {
          field.unicodeScalars.append(scalar)
        } else if position < scalars.count, scalars[position] == "\"" {
          field.append("\"")
          position += 1
        } else {
          isQuoted = false
        }
      } else if scalar == mark {
        fields.append(field)
        field = ""
        wasQuoted = false
      } else if scalar == "\"" {
        guard field.isEmpty, !wasQuoted else { return nil }
        isQuoted = true
        wasQuoted = true
      } else {
        guard !wasQuoted else { return nil }
        field.unicodeScalars.append(scalar)
      }
    }
    fields.append(field)
    return isQuoted ? nil : fields
  }
}
