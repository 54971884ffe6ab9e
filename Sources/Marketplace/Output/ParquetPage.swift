// A block of rows as Parquet data pages, one a column: plain values, categories as places in a dictionary, a bit a row
// that says whether there is a value where cells may be empty. Not compressed: the disk is faster than a compressor.
//
// https://parquet.apache.org/docs/file-format/

struct ParquetPage: Sendable {
  var bytes: [UInt8]
  var rows: Int

  static let plain = 0
  static let runLength = 3
  static let dictionary = 8

  /// The pages of a block, in the order of the columns.
  static func encode(_ rows: Rows, _ spec: TableSpec) -> [ParquetPage] {
    spec.columns.enumerated().map { place, column in
      let body = values(rows, place, column)
      var isDictionary = false
      if case .category = column.kind { isDictionary = true }
      var header = ThriftWriter()
      header.element {
        $0.int32(1, 0)  // a data page
        $0.int32(2, body.count)
        $0.int32(3, body.count)
        $0.structure(5) {
          $0.int32(1, rows.count)
          $0.int32(2, isDictionary ? dictionary : plain)
          $0.int32(3, runLength)
          $0.int32(4, runLength)
        }
      }
      return ParquetPage(bytes: header.bytes.bytes + body, rows: rows.count)
    }
  }

  /// The dictionary page of a category column: its levels, plain.
  static func dictionaryPage(_ levels: [String]) -> [UInt8] {
    var body = ByteWriter()
    for level in levels {
      body.append(littleEndian: UInt32(level.utf8.count))
      body.append(level)
    }
    var header = ThriftWriter()
    header.element {
      $0.int32(1, 2)  // a dictionary page
      $0.int32(2, body.count)
      $0.int32(3, body.count)
      $0.structure(7) {
        $0.int32(1, levels.count)
        $0.int32(2, plain)
      }
    }
    return header.bytes.bytes + body.bytes
  }

  private static func values(_ rows: Rows, _ column: Int, _ spec: TableSpec.ColumnSpec) -> [UInt8] {
    let count = rows.count
    let levelBytes = spec.optional ? 4 + 5 + (count + 7) / 8 : 0
    let capacity: Int
    switch spec.kind {
    case .key: capacity = count * (4 + KeyMaker.length)
    case .time: capacity = count * 8
    case .number: capacity = count * 4
    case .flag: capacity = (count + 7) / 8
    case .category: capacity = 16 + count + 8
    case .text: capacity = count * 4 + rows.text.count
    }
    return [UInt8](unsafeUninitializedCapacity: capacity + levelBytes + 16) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      var cursor = Cursor(place: start)
      rows.words.withUnsafeBufferPointer { words in
        if spec.optional { putPresence(words, rows.width, column, count, &cursor) }
        switch spec.kind {
        case .key(let letter):
          KeyMaker.letters.withUnsafeBufferPointer { letters in
            forEachValue(words, rows.width, column, count) { word in
              cursor.put(littleEndian: UInt32(KeyMaker.length))
              cursor.put(key: word, letter: letter, letters: letters.baseAddress!)
            }
          }
        case .time:
          forEachValue(words, rows.width, column, count) { cursor.put(littleEndian: $0 &* 1_000_000) }
        case .number:
          forEachValue(words, rows.width, column, count) {
            cursor.put(littleEndian: Float(Double(bitPattern: $0)).bitPattern)
          }
        case .flag: putBits(words, rows.width, column, count, bits: 1, &cursor)
        case .category(let levels):
          let bits = bitWidth(levels.count)
          cursor.put(UInt8(bits))
          var present = 0
          forEachValue(words, rows.width, column, count) { _ in present += 1 }
          putVarint(UInt64((present + 7) / 8) << 1 | 1, &cursor)
          putBits(words, rows.width, column, count, bits: bits, &cursor)
        case .text:
          rows.text.withUnsafeBufferPointer { text in
            forEachValue(words, rows.width, column, count) { word in
              let range = Rows.textRange(word)
              cursor.put(littleEndian: UInt32(range.count))
              if let base = text.baseAddress { cursor.put(base + range.lowerBound, count: range.count) }
            }
          }
        }
      }
      initialized = cursor.place - start
    }
  }

  static func bitWidth(_ levels: Int) -> Int { max(1, Int.bitWidth - max(0, levels - 1).leadingZeroBitCount) }

  @inline(__always)
  private static func forEachValue(
    _ words: UnsafeBufferPointer<UInt64>, _ width: Int, _ column: Int, _ count: Int, _ body: (UInt64) -> Void
  ) {
    var place = column
    for _ in 0..<count {
      if words[place] != Rows.missing { body(words[place]) }
      place &+= width
    }
  }

  /// Definition levels: a bit a row, in one bit-packed run with its length before it.
  private static func putPresence(
    _ words: UnsafeBufferPointer<UInt64>, _ width: Int, _ column: Int, _ count: Int, _ cursor: inout Cursor
  ) {
    let length = cursor.place
    cursor.put(littleEndian: UInt32(0))
    let start = cursor.place
    putVarint(UInt64((count + 7) / 8) << 1 | 1, &cursor)
    var byte: UInt8 = 0
    for row in 0..<count {
      if words[row * width + column] != Rows.missing { byte |= 1 << UInt8(row & 7) }
      if row & 7 == 7 {
        cursor.put(byte)
        byte = 0
      }
    }
    if count & 7 != 0 { cursor.put(byte) }
    UnsafeMutableRawPointer(length).storeBytes(of: UInt32(cursor.place - start).littleEndian, as: UInt32.self)
  }

  /// Small numbers packed into `bits` bits each, lowest first, filled up to a multiple of eight values.
  private static func putBits(
    _ words: UnsafeBufferPointer<UInt64>, _ width: Int, _ column: Int, _ count: Int, bits: Int,
    _ cursor: inout Cursor
  ) {
    var gathered: UInt64 = 0
    var held = 0
    var written = 0
    let start = cursor.place
    forEachValue(words, width, column, count) { word in
      gathered |= word << UInt64(held)
      held += bits
      written += 1
      while held >= 8 {
        cursor.put(UInt8(truncatingIfNeeded: gathered))
        gathered >>= 8
        held -= 8
      }
    }
    if held > 0 { cursor.put(UInt8(truncatingIfNeeded: gathered)) }
    // A bit-packed run holds whole groups of eight values; plain booleans need whole bytes, which is the same.
    let wanted = (written + 7) / 8 * bits
    while cursor.place - start < wanted { cursor.put(0) }
  }

  private static func putVarint(_ value: UInt64, _ cursor: inout Cursor) {
    var rest = value
    while rest >= 0x80 {
      cursor.put(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    cursor.put(UInt8(rest))
  }
}
