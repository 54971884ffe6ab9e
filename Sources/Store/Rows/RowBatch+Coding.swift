// How appended rows lie in the catalogue: a version, then column after column, keys first. Texts as their length plus
// one (zero is missing; seven bits a byte, lowest first) and their bytes; numbers as 32-bit floats and times as 64-bit
// integers, little-endian. Which columns there are, the schema says.

import Graph

extension RowBatch {
  private static let version: UInt8 = 1

  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.bytes.append(RowBatch.version)
    writer.add(varint: UInt64(count))
    for list in keys { writer.add(list) }
    for values in values {
      switch values {
      case .numbers(let numbers): numbers.forEach { writer.add($0.bitPattern.littleEndian) }
      case .times(let times): times.forEach { writer.add($0.littleEndian) }
      case .texts(let texts): writer.add(texts)
      }
    }
    return writer.bytes
  }

  /// Nil where the bytes are not what `encoded` wrote for that shape.
  init?(_ shape: TableShape, decoding bytes: [UInt8]) {
    var reader = ByteReader(bytes: bytes)
    guard reader.byte() == RowBatch.version, let rows = reader.varint(), rows <= bytes.count else {
      return nil
    }
    let count = Int(rows)
    var keys: [TextList] = []
    for _ in shape.keyColumns {
      guard let list = reader.texts(count) else { return nil }
      keys.append(list)
    }
    var values: [Values] = []
    for column in shape.columns {
      switch column.kind {
      case .number, .flag:
        guard let numbers = reader.integers(count, of: UInt32.self) else { return nil }
        values.append(.numbers(numbers.map { Float(bitPattern: $0) }))
      case .time:
        guard let times = reader.integers(count, of: Int64.self) else { return nil }
        values.append(.times(times))
      case .category, .text:
        guard let list = reader.texts(count) else { return nil }
        values.append(.texts(list))
      }
    }
    guard reader.isAtEnd else { return nil }
    self.init(shape, count: count, keys: keys, values: values)
  }
}

private struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func add(varint number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func add(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
  }

  mutating func add(_ list: TextList) {
    for index in 0..<list.count {
      if list.isMissing(index) {
        bytes.append(0)
      } else {
        let text = list.bytes(index)
        add(varint: UInt64(text.count + 1))
        bytes.append(contentsOf: text)
      }
    }
  }
}

private struct ByteReader {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func byte() -> UInt8? {
    guard position < bytes.count else { return nil }
    position += 1
    return bytes[position - 1]
  }

  mutating func varint() -> UInt64? {
    var number: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 56, by: 7) {
      guard let byte = byte() else { return nil }
      number |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return number }
    }
    return nil
  }

  mutating func texts(_ count: Int) -> TextList? {
    var list = TextList()
    for _ in 0..<count {
      guard let length = varint() else { return nil }
      if length == 0 {
        list.appendMissing()
        continue
      }
      guard length - 1 <= UInt64(bytes.count - position) else { return nil }
      let end = position + Int(length - 1)
      list.append(bytes[position..<end])
      position = end
    }
    return list
  }

  mutating func integers<Number: FixedWidthInteger>(_ count: Int, of: Number.Type) -> [Number]? {
    let size = MemoryLayout<Number>.size
    guard count <= (bytes.count - position) / size else { return nil }
    let start = position
    position += count * size
    return bytes.withUnsafeBytes { raw in
      (0..<count).map {
        Number(littleEndian: raw.loadUnaligned(fromByteOffset: start + $0 * size, as: Number.self))
      }
    }
  }
}
