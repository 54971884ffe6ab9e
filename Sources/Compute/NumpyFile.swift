// Arrays in numpy's own file format (`.npy`, versions 1 to 3): six letters, a version, a header that is a Python
// dictionary with type, order and shape, then the elements. We read and write what our arrays are: little-endian
// numbers in rows, of one dimension or two. Everything else is refused by name, with the call that converts it.
//
// The data of a file that we or numpy wrote starts at a multiple of 64, so it is used where it is mapped.

import Foundation

/// A number that an `.npy` file may hold.
public protocol NumpyScalar: BitwiseCopyable, Sendable {
  /// As numpy writes the type: `<f4`.
  static var numpyType: String { get }
}

extension UInt8: NumpyScalar { public static var numpyType: String { "|u1" } }
extension Int32: NumpyScalar { public static var numpyType: String { "<i4" } }
extension UInt32: NumpyScalar { public static var numpyType: String { "<u4" } }
extension Int64: NumpyScalar { public static var numpyType: String { "<i8" } }
extension UInt64: NumpyScalar { public static var numpyType: String { "<u8" } }
extension Float: NumpyScalar { public static var numpyType: String { "<f4" } }

/// An array in an `.npy` file, mapped: opening costs the header, and pages are read when they are touched.
///
///     try NumpyFile.write(offsets, to: "offsets.npy")
///     let file = try NumpyFile(path: "offsets.npy")
///     let offsets = try file.buffer(of: UInt64.self)
public struct NumpyFile: Sendable {
  public let path: String
  /// As numpy writes it: `<u4`.
  public let type: String
  /// One number or two.
  public let shape: [Int]
  private let memory: Memory
  private let dataStart: Int

  /// Maps a file and reads its header. A file that is shorter or longer than its header says is refused.
  public init(path: String) throws(NumpyError) {
    let memory: Memory
    do { memory = try Memory.mapping(file: path) } catch { throw .cannotOpen(error) }
    self = try memory.withoutReadingAhead { () throws(NumpyError) in
      try NumpyFile(memory: memory, path: path)
    }
  }

  /// The same from bytes in memory; `path` is what errors call it.
  public init(bytes: Buffer<UInt8>, path: String) throws(NumpyError) {
    let memory = Memory(byteCount: bytes.count)
    bytes.withUnsafeBufferPointer { bytes in
      if let start = bytes.baseAddress { memory.start.copyMemory(from: start, byteCount: bytes.count) }
    }
    try self.init(memory: memory, path: path)
  }

  private init(memory: Memory, path: String) throws(NumpyError) {
    let bytes = UnsafeRawBufferPointer(start: memory.start, count: memory.byteCount)
    defer { withExtendedLifetime(memory) {} }
    guard bytes.count >= 10, bytes.prefix(6).elementsEqual(NumpyFile.magic) else {
      throw .notNumpy(path: path)
    }
    guard (1...3).contains(bytes[6]) else {
      throw .unsupported(
        path: path, what: "version \(bytes[6]) of the format", remedy: "save it with numpy 1 or 2")
    }
    let lengthBytes = bytes[6] == 1 ? 2 : 4
    guard bytes.count >= 8 + lengthBytes else { throw .damagedHeader(path: path, what: "it ends too early") }
    var length = 0
    for index in (0..<lengthBytes).reversed() { length = length << 8 | Int(bytes[8 + index]) }
    let start = 8 + lengthBytes + length
    guard length <= 1 << 20, start <= bytes.count else {
      throw .damagedHeader(path: path, what: "it ends too early")
    }
    let header: NumpyHeader
    do {
      var reader = NumpyHeaderReader(bytes: Array(bytes[(8 + lengthBytes)..<start]))
      header = try reader.header()
    } catch { throw .damagedHeader(path: path, what: error.what) }

    guard let size = NumpyFile.elementSizes[header.type] else {
      throw .unsupported(
        path: path, what: "elements of type \(header.type)",
        remedy: "convert it first: a.astype(\"<f4\"), or <i4, <i8, <u4, <u8, u1")
    }
    guard !header.isFortranOrder || header.shape.count < 2 else {
      throw .unsupported(
        path: path, what: "an array stored column by column", remedy: "use numpy.ascontiguousarray(a)")
    }
    guard (1...2).contains(header.shape.count) else {
      throw .unsupported(
        path: path, what: "an array of \(header.shape.count) dimensions",
        remedy: "use a.reshape(…) with one dimension or two")
    }
    var byteCount = size
    for extent in header.shape {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw .damagedHeader(path: path, what: "its shape is larger than any memory") }
      byteCount = product
    }
    guard bytes.count - start == byteCount else {
      throw .wrongSize(path: path, expected: byteCount, found: bytes.count - start)
    }
    self.path = path
    self.type = header.type
    self.shape = header.shape
    self.memory = memory
    self.dataStart = start
  }

  /// How many elements.
  public var count: Int { shape.reduce(1, *) }

  /// The elements, row after row: in place where the file keeps them aligned for their type, else copied.
  public func buffer<Element: NumpyScalar>(of element: Element.Type) throws(NumpyError) -> Buffer<Element> {
    guard type == Element.numpyType else {
      throw .wrongType(path: path, expected: Element.numpyType, found: type)
    }
    if dataStart % MemoryLayout<Element>.alignment == 0 {
      return Buffer(memory: memory, byteOffset: dataStart, count: count)
    }
    return Buffer<Element>(count: count) { elements in
      UnsafeMutableRawBufferPointer(elements).copyMemory(
        from: UnsafeRawBufferPointer(
          start: memory.start + dataStart, count: count * MemoryLayout<Element>.stride))
    }
  }

  static let magic: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
  static let elementSizes = ["|u1": 1, "<i4": 4, "<u4": 4, "<f4": 4, "<i8": 8, "<u8": 8]
}

public enum NumpyError: Error, CustomStringConvertible, Equatable {
  case cannotOpen(MemoryError)
  case cannotWrite(path: String, reason: String)
  case notNumpy(path: String)
  case damagedHeader(path: String, what: String)
  case unsupported(path: String, what: String, remedy: String)
  case wrongSize(path: String, expected: Int, found: Int)
  case wrongType(path: String, expected: String, found: String)

  public var description: String {
    switch self {
    case .cannotOpen(let error): error.description
    case .cannotWrite(let path, let reason): "\(path) cannot be written: \(reason)."
    case .notNumpy(let path):
      "\(path) is not an .npy file: it does not begin as one. numpy.save(path, array) writes one."
    case .damagedHeader(let path, let what): "The header of \(path) is damaged: \(what)."
    case .unsupported(let path, let what, let remedy):
      "\(path) holds \(what), which is not read here; \(remedy)."
    case .wrongSize(let path, let expected, let found):
      "\(path) should hold \(grouped(expected)) bytes of data, but holds \(grouped(found)): "
        + (found < expected ? "it was cut short." : "something was written behind its end.")
    case .wrongType(let path, let expected, let found):
      "\(path) holds elements of type \(found), where \(expected) is needed: a.astype(\"\(expected)\")."
    }
  }
}
