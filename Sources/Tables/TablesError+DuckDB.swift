import Foundation

// Turning DuckDB's messages into errors with a place.
//
// Its CSV reader says `CSV Error on Line: 3`, then the line, then the reason, then advice about options that our user
// cannot set, then `file = …` among the reader's settings. Its JSON reader says `in file "…", in line 3` or
// `in record/value 3`. Everything else that names no file stays as it is, less the advice.

extension TablesError {
  init(duckDB message: String) {
    let lines = message.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
    let first = lines.first ?? message
    if message.contains("Out of Memory Error") || message.contains("failed to allocate") {
      self = .outOfMemory(reason: first)
    } else if let file = lines.lazy.compactMap({ after("  file = ", in: $0) }).first {
      self = .damaged(file: file, row: csvRow(lines), reason: csvReason(lines))
    } else if let place = jsonPlace(first) {
      self = .damaged(file: place.file, row: place.row, reason: place.reason)
    } else if let place = filePlace(first) {
      self = .damaged(file: place.file, row: nil, reason: place.reason)
    } else {
      self = .refused(reason: lines.prefix(3).joined(separator: " "))
    }
  }
}

/// The row, counted from 1 after the header, of `… on Line: 3`.
private func csvRow(_ lines: [String]) -> Int? {
  for line in lines {
    if let number = number(after: "on Line: ", in: line) { return number - 1 }
  }
  return nil
}

private func csvReason(_ lines: [String]) -> String {
  let text = lines.joined(separator: "\n")
  if text.contains("Invalid unicode") {
    return "it is not UTF-8 text. Convert the file to UTF-8 (iconv -f latin1 -t utf-8, say)."
  }
  if let expected = number(after: "Expected Number of Columns: ", in: text) {
    let found = number(after: "Found: ", in: text).map { "\($0)" } ?? "another number"
    return "the header has \(expected) columns, and here are \(found)."
  }
  if text.contains("unterminated quote") {
    return "a quote (\") that is opened is never closed as it should be."
  }
  if text.contains("Maximum line size") { return "a row is longer than \(Dialect.longestRow >> 20) MiB." }
  if text.contains("invalid state") {
    return
      "it is not well-formed CSV: perhaps the lines end in different ways, or a quote stands in a plain field."
  }
  let advice = ["Possible", "* ", "Original Line", "CSV Error"]
  let reason = lines.drop { line in advice.contains { line.hasPrefix($0) } || line.contains("CSV Error") }
    .first
  return reason ?? "it cannot be read as CSV."
}

private func jsonPlace(_ line: String) -> (file: String, row: Int?, reason: String)? {
  guard let start = line.range(of: "JSON") ?? line.range(of: "json"),
    let opening = line.range(of: "in file \"", range: start.upperBound..<line.endIndex),
    let end = line.range(of: "\"", range: opening.upperBound..<line.endIndex)
  else { return nil }
  var row = number(after: "in line ", in: line) ?? number(after: "in record/value ", in: line)
  // Where the text is no JSON the reader has counted the row already; where it is not what we asked for, not yet.
  if line.contains("Malformed JSON") { row = row.map { $0 - 1 } }
  var reason = String(line[end.upperBound...])
  if let colon = reason.range(of: ": ") { reason = String(reason[colon.upperBound...]) }
  return (String(line[opening.upperBound..<end.lowerBound]), row, "it is not well-formed JSON: \(reason)")
}

/// Of `IO Error: Unexpected end of GZIP stream: orders.csv.gz`, and of what Parquet's reader says of a quoted file.
private func filePlace(_ line: String) -> (file: String, reason: String)? {
  if let gzip = line.range(of: "GZIP stream: ") {
    return (String(line[gzip.upperBound...]), "it is not a whole gzip file. Was it copied completely?")
  }
  for ending in ["ile '", "file \""] {
    guard let start = line.range(of: ending) else { continue }
    let mark = ending.last!
    guard let end = line[start.upperBound...].lastIndex(of: mark) else { continue }
    let file = String(line[start.upperBound..<end])
    guard TableFile.parts(of: file) != nil else { continue }
    return (file, "it is not a whole \(file.hasSuffix(".parquet") ? "Parquet file" : "table") (\(line)).")
  }
  return nil
}

private func after(_ prefix: String, in line: String) -> String? {
  line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : nil
}

private func number(after marker: String, in text: String) -> Int? {
  guard let range = text.range(of: marker) else { return nil }
  return Int(text[range.upperBound...].prefix { $0.isNumber })
}
