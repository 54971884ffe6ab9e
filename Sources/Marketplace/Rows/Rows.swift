/// The rows that one block of work made for one table.
///
/// Cells are 64-bit words, row after row, in the table's order of columns: a key's code, a time in seconds, a
/// number's bits, a category's place among its levels, or where a text lies in `text`. Filling a row is a few
/// appends to one array, which is what makes a hundred million rows cheap; the file formats read it column by column.
struct Rows: Sendable {
  let width: Int
  var words: [UInt64] = []
  var text: [UInt8] = []

  /// A cell without a value.
  static let missing = UInt64.max

  init(width: Int) { self.width = width }

  var count: Int { words.count / width }

  @inline(__always)
  mutating func add(word: UInt64) { words.append(word) }

  @inline(__always)
  mutating func add(time: Int64) { words.append(UInt64(bitPattern: time)) }

  /// NaN is a cell without a value.
  @inline(__always)
  mutating func add(number: Double) { words.append(number == number ? number.bitPattern : Rows.missing) }

  @inline(__always)
  mutating func add(flag: Bool) { words.append(flag ? 1 : 0) }

  @inline(__always)
  mutating func add(code: Int) { words.append(UInt64(truncatingIfNeeded: code)) }

  @inline(__always)
  mutating func addMissing() { words.append(Rows.missing) }

  /// A text: what `write` appends to the bytes.
  @inline(__always)
  mutating func addText(_ write: (inout [UInt8]) -> Void) {
    let start = text.count
    write(&text)
    words.append(UInt64(start) << 20 | UInt64(text.count - start))
  }

  /// Where a text cell's bytes lie.
  @inline(__always)
  static func textRange(_ word: UInt64) -> Range<Int> {
    let start = Int(word >> 20)
    return start..<start + Int(word & 0xf_ffff)
  }
}
