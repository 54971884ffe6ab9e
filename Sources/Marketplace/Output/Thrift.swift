// Thrift's compact protocol, as far as a Parquet footer needs it: fields by the distance from the one before, whole
// numbers zigzagged into varints, lists with a head.
//
// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md

struct ThriftWriter {
  enum Wire: UInt8 { case yes = 1, no = 2, int32 = 5, int64 = 6, binary = 8, list = 9, structure = 12 }

  var bytes = ByteWriter()
  private var last: [Int] = [0]

  private mutating func field(_ id: Int, _ wire: Wire) {
    let step = id - last[last.count - 1]
    bytes.append(byte: UInt8(step) << 4 | wire.rawValue)  // ids here never lie more than 15 apart
    last[last.count - 1] = id
  }

  private mutating func zigzag(_ value: Int) {
    bytes.append(varint: UInt64(bitPattern: Int64((value << 1) ^ (value >> 63))))
  }

  mutating func int32(_ id: Int, _ value: Int) {
    field(id, .int32)
    zigzag(value)
  }

  mutating func int64(_ id: Int, _ value: Int) {
    field(id, .int64)
    zigzag(value)
  }

  mutating func flag(_ id: Int, _ value: Bool) { field(id, value ? .yes : .no) }

  mutating func text(_ id: Int, _ value: String) {
    field(id, .binary)
    element(value)
  }

  mutating func structure(_ id: Int, _ body: (inout ThriftWriter) -> Void) {
    field(id, .structure)
    element(body)
  }

  mutating func list(_ id: Int, of wire: Wire, count: Int, _ body: (inout ThriftWriter) -> Void) {
    field(id, .list)
    if count < 15 {
      bytes.append(byte: UInt8(count) << 4 | wire.rawValue)
    } else {
      bytes.append(byte: 0xf0 | wire.rawValue)
      bytes.append(varint: UInt64(count))
    }
    body(&self)
  }

  /// A text inside a list.
  mutating func element(_ value: String) {
    bytes.append(varint: UInt64(value.utf8.count))
    bytes.append(value)
  }

  /// A number inside a list.
  mutating func element(_ value: Int) { zigzag(value) }

  /// A structure inside a list, or the outermost.
  mutating func element(_ body: (inout ThriftWriter) -> Void) {
    last.append(0)
    body(&self)
    last.removeLast()
    bytes.append(byte: 0)
  }
}
