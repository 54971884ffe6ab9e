import Compute
import Foundation

/// Lines of words, read from a mapped file without making a string of each.
private struct LineScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  var line = 0
  /// The words of the current line.
  var words: [Range<Int>] = []

  /// Reads the next line that is neither empty nor begins with `comment`.
  mutating func next(comment: UInt8) -> Bool {
    while position < bytes.count {
      line += 1
      words.removeAll(keepingCapacity: true)
      let start = position
      var word = position
      var isQuoted = false
      while position < bytes.count, bytes[position] != 10 {
        let byte = bytes[position]
        if byte == 34 { isQuoted.toggle() }
        if !isQuoted, byte == 44 || byte == 59 || byte == 9 || byte == 32 || byte == 13 {
          if word < position { words.append(word..<position) }
          word = position + 1
        }
        position += 1
      }
      if word < position { words.append(word..<position) }
      position += 1
      if !words.isEmpty, bytes[start] != comment { return true }
    }
    return false
  }

  func number(_ word: Range<Int>) -> UInt64? {
    var value: UInt64 = 0
    for place in word {
      let digit = bytes[place] &- 48
      guard digit < 10 else { return nil }
      let (next, overflows) = value.multipliedReportingOverflow(by: 10)
      guard !overflows, next <= .max - UInt64(digit) else { return nil }
      value = next + UInt64(digit)
    }
    return word.isEmpty ? nil : value
  }

  func text(_ word: Range<Int>) -> String {
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[word]), as: UTF8.self)
    return text.hasPrefix("\"") && text.hasSuffix("\"") && text.count > 1
      ? String(text.dropFirst().dropLast()) : text
  }

  func weight(_ word: Range<Int>) -> Float? { Float(text(word)) }
}

private func withLines<Result>(of path: String, _ body: (inout LineScanner) throws -> Result) throws -> Result
{
  let memory = try Memory.mapping(file: path)
  let bytes = Buffer<UInt8>(memory: memory, count: memory.byteCount)
  return try bytes.withUnsafeBufferPointer { bytes in
    var scanner = LineScanner(bytes: bytes)
    return try body(&scanner)
  }
}

extension RawEdges {
  /// Two ids or keys a line, and perhaps a weight. A first line whose ends are no numbers, and which bears no weight,
  /// holds the columns' names.
  init(csv path: String) throws {
    self.init()
    try withLines(of: path) { lines in
      var places: [String: UInt64] = [:]
      var keys: [String] = []
      func place(_ key: String) -> UInt64 {
        if let place = places[key] { return place }
        keys.append(key)
        places[key] = UInt64(keys.count - 1)
        return UInt64(keys.count - 1)
      }
      var isFirst = true
      while lines.next(comment: 35) {
        guard lines.words.count >= 2 else {
          throw CommunityError.unreadable(
            file: path, line: lines.line, reason: "an edge needs two ends; there is one word.")
        }
        let (a, b) = (lines.number(lines.words[0]), lines.number(lines.words[1]))
        if isFirst {
          isFirst = false
          // Names of columns, unless a number stands where the weight would: then it is an edge between keys.
          let hasWeight = lines.words.count > 2 && lines.weight(lines.words[2]) != nil
          if (a == nil || b == nil) && !hasWeight { continue }
        }
        if sources.isEmpty, lines.words.count > 2 { weights = [] }
        if let a, let b, texts == nil {
          sources.append(a)
          targets.append(b)
        } else {
          if texts == nil {
            // Keys after all: what was read as numbers becomes keys too.
            texts = []
            sources = sources.map { place(String($0)) }
            targets = targets.map { place(String($0)) }
          }
          sources.append(place(lines.text(lines.words[0])))
          targets.append(place(lines.text(lines.words[1])))
        }
        if weights != nil {
          guard lines.words.count > 2, let weight = lines.weight(lines.words[2]) else {
            throw CommunityError.unreadable(
              file: path, line: lines.line, reason: "the edges before have a weight; here there is no number."
            )
          }
          weights!.append(weight)
        }
      }
      if texts != nil { texts = keys }
    }
  }

  /// Matrix Market's coordinate format: a banner, comments, the size, then one entry a line, counted from 1.
  init(matrixMarket path: String) throws {
    self.init()
    try withLines(of: path) { lines in
      guard lines.next(comment: 0), lines.text(lines.words[0]).lowercased() == "%%matrixmarket",
        lines.words.count >= 5, lines.text(lines.words[2]).lowercased() == "coordinate"
      else {
        throw CommunityError.unreadable(
          file: path, line: 1,
          reason: "it should begin \"%%MatrixMarket matrix coordinate\": is it another format?")
      }
      let hasWeights = lines.text(lines.words[3]).lowercased() != "pattern"
      guard lines.next(comment: 37), lines.words.count == 3, let rows = lines.number(lines.words[0]),
        let columns = lines.number(lines.words[1]), let entries = lines.number(lines.words[2])
      else {
        throw CommunityError.unreadable(
          file: path, line: lines.line, reason: "the size should be three numbers.")
      }
      guard rows == columns, rows <= UInt64(Int32.max) else {
        throw CommunityError.unreadable(
          file: path, line: lines.line,
          reason: "a graph's matrix is square and below 2^31; it is \(rows) × \(columns).")
      }
      declaredCount = Int(rows)
      if hasWeights { weights = [] }
      while lines.next(comment: 37) {
        guard lines.words.count >= (hasWeights ? 3 : 2), let a = lines.number(lines.words[0]),
          let b = lines.number(lines.words[1]), a >= 1, b >= 1, a <= rows, b <= rows
        else {
          throw CommunityError.unreadable(
            file: path, line: lines.line,
            reason: "an entry is two places within 1 to \(rows)"
              + (hasWeights ? " and a weight." : "."))
        }
        sources.append(a - 1)
        targets.append(b - 1)
        if hasWeights {
          guard let weight = lines.weight(lines.words[2]) else {
            throw CommunityError.unreadable(
              file: path, line: lines.line, reason: "\"\(lines.text(lines.words[2]))\" is no weight.")
          }
          weights!.append(weight)
        }
      }
      guard UInt64(sources.count) == entries else {
        throw CommunityError.unreadable(
          file: path, line: lines.line, reason: "\(entries) entries were announced, \(sources.count) came.")
      }
    }
  }
}
