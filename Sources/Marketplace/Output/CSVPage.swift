// Rows as CSV, the way most programs read it: UTF-8, commas, a header line, cells quoted where they must be (RFC 4180).

enum CSVPage {
  static func header(_ spec: TableSpec) -> [UInt8] {
    Array((spec.columns.map(\.name).joined(separator: ",") + "\n").utf8)
  }

  /// The lines of a block.
  static func encode(_ rows: Rows, _ spec: TableSpec) -> [UInt8] {
    let levels = spec.columns.map { column -> [[UInt8]] in
      if case .category(let levels) = column.kind { return levels.map { Array($0.utf8) } }
      return []
    }
    // A text may double when every letter is a quote; other cells take 32 bytes at most, categories their longest.
    var widest = 0
    for (column, names) in zip(spec.columns, levels) {
      if case .text = column.kind {
        widest += 4
      } else {
        widest += max(33, (names.map(\.count).max() ?? 0) + 1)
      }
    }
    let capacity = rows.count * widest + 2 * rows.text.count + 16
    return [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      var cursor = Cursor(place: start)
      rows.words.withUnsafeBufferPointer { words in
        rows.text.withUnsafeBufferPointer { text in
          KeyMaker.letters.withUnsafeBufferPointer { letters in
            var place = 0
            for _ in 0..<rows.count {
              for (index, column) in spec.columns.enumerated() {
                if index > 0 { cursor.put(44) }
                let word = words[place]
                place += 1
                if column.optional && word == Rows.missing { continue }
                switch column.kind {
                case .key(let letter): cursor.put(key: word, letter: letter, letters: letters.baseAddress!)
                case .time: put(time: Int64(bitPattern: word), &cursor)
                case .number(let decimals): put(number: Double(bitPattern: word), decimals: decimals, &cursor)
                case .flag: cursor.put(word == 0 ? 48 : 49)
                case .category: for byte in levels[index][Int(word)] { cursor.put(byte) }
                case .text: put(text: text, Rows.textRange(word), &cursor)
                }
              }
              cursor.put(10)
            }
          }
        }
      }
      initialized = cursor.place - start
    }
  }

  /// `2026-03-01T08:30:00Z`.
  private static func put(time seconds: Int64, _ cursor: inout Cursor) {
    let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let rest = UInt64(seconds - day * 86_400)
    // Hinnant's civil-from-days: the year starts in March, so that the leap day is the last.
    let shifted = day + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let date = dayOfYear - (153 * month + 2) / 5 + 1
    let civilMonth = month + (month < 10 ? 3 : -9)
    cursor.put(decimal: UInt64(yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0)), width: 4)
    cursor.put(45)
    cursor.put(decimal: UInt64(civilMonth), width: 2)
    cursor.put(45)
    cursor.put(decimal: UInt64(date), width: 2)
    cursor.put(84)
    cursor.put(decimal: rest / 3600, width: 2)
    cursor.put(58)
    cursor.put(decimal: rest / 60 % 60, width: 2)
    cursor.put(58)
    cursor.put(decimal: rest % 60, width: 2)
    cursor.put(90)
  }

  private static let scales: [Double] = [1, 10, 100, 1000, 10_000]

  private static func put(number: Double, decimals: Int, _ cursor: inout Cursor) {
    let scaled = (number * scales[decimals]).rounded()
    if scaled < 0 { cursor.put(45) }
    let whole = UInt64(abs(scaled))
    let unit = UInt64(scales[decimals])
    cursor.put(decimal: whole / unit)
    var rest = whole % unit
    guard rest > 0 else { return }
    var digits = decimals
    while rest % 10 == 0 {
      rest /= 10
      digits -= 1
    }
    cursor.put(46)
    cursor.put(decimal: rest, width: digits)
  }

  private static func put(text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ cursor: inout Cursor) {
    var mustQuote = range.isEmpty
    for byte in text[range] where byte == 44 || byte == 34 || byte == 10 || byte == 13 { mustQuote = true }
    if !mustQuote {
      cursor.put(text.baseAddress! + range.lowerBound, count: range.count)
      return
    }
    cursor.put(34)
    for byte in text[range] {
      if byte == 34 { cursor.put(34) }
      cursor.put(byte)
    }
    cursor.put(34)
  }
}
