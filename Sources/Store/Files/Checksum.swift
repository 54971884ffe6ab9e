import CKernels
import Compute
import Foundation

/// XXH64 over bytes as they come; sixteen hexadecimal digits as `xxhsum -H64` prints them.
struct Checksum {
  private var state = rg_checksum()

  init() { rg_checksum_begin(&state) }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    rg_checksum_add(&state, bytes.baseAddress, bytes.count)
  }

  var value: UInt64 {
    var state = state
    return rg_checksum_value(&state)
  }

  var text: String { Checksum.text(value) }

  static func text(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  static func of(_ bytes: [UInt8]) -> UInt64 {
    var checksum = Checksum()
    bytes.withUnsafeBytes { checksum.add($0) }
    return checksum.value
  }

  /// Of a whole file, mapped.
  static func of(file path: String) throws(MemoryError) -> String {
    let memory = try Memory.mapping(file: path)
    defer { withExtendedLifetime(memory) {} }
    madvise(memory.start, memory.byteCount, MADV_SEQUENTIAL)
    var checksum = Checksum()
    checksum.add(UnsafeRawBufferPointer(start: memory.start, count: memory.byteCount))
    return checksum.text
  }
}
