import Compute
import Foundation
import Testing

@Suite("Numpy files") struct NumpyFileTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "npy-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func path(_ name: String) -> String { folder + "/" + name }

  /// A file as numpy 1.24 writes `numpy.arange(3, dtype="<u4")`, byte for byte.
  private static let three: [UInt8] =
    [0x93] + Array("NUMPY".utf8) + [1, 0, 0x76, 0]
    + Array("{'descr': '<u4', 'fortran_order': False, 'shape': (3,), }".utf8)
    + Array(repeating: 0x20, count: 60) + [0x0a] + [0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]

  private func parsed(header: String, data: [UInt8] = [], version: UInt8 = 1) throws(NumpyError) -> NumpyFile
  {
    let text = Array(header.utf8) + [0x0a]
    let length: [UInt8] = [UInt8(text.count & 0xff), UInt8(text.count >> 8)] + (version == 1 ? [] : [0, 0])
    let bytes = [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text + data
    return try NumpyFile(bytes: Buffer(bytes), path: "a.npy")
  }

  @Test("numpy's bytes are read, and ours are numpy's") func sameBytesAsNumpy() throws {
    let file = try NumpyFile(bytes: Buffer(Self.three), path: "three.npy")
    #expect(file.shape == [3])
    #expect(try file.buffer(of: UInt32.self) == [0, 1, 2])
    try NumpyFile.write(Buffer<UInt32>([0, 1, 2]), to: path("three.npy"))
    let written = try Data(contentsOf: URL(fileURLWithPath: path("three.npy")))
    #expect(Array(written) == Self.three)
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test("every type comes back from a mapped file") func roundTrip() throws {
    func check<E: NumpyScalar & Equatable>(_ elements: [E], columns: Int? = nil) throws {
      try NumpyFile.write(Buffer(elements), columns: columns, to: path("a.npy"))
      let file = try NumpyFile(path: path("a.npy"))
      #expect(try file.buffer(of: E.self) == Buffer(elements))
      #expect(file.shape == columns.map { [elements.count / $0, $0] } ?? [elements.count])
    }
    try check([UInt8](0...255))
    try check([Int32.min, -1, 0, .max])
    try check([UInt32.max, 0, 7])
    try check([Int64.min, -5, .max], columns: 3)
    try check([UInt64.max, 1], columns: 1)
    try check([Float.infinity, -0.5, -0.0, .greatestFiniteMagnitude, 2, 3], columns: 2)
    try check([UInt64]())
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test("a matrix is written as two dimensions") func matrix() throws {
    try NumpyFile.write(Matrix([[1, 2, 3], [4, 5, 6]]), to: path("x.npy"))
    let file = try NumpyFile(path: path("x.npy"))
    #expect(file.shape == [2, 3])
    #expect(try file.buffer(of: Float.self) == [1, 2, 3, 4, 5, 6])
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test("data starts at a multiple of 64 whatever the shape") func alignment() {
    for count in [0, 9, 99, 12345, 1 << 40] {
      for columns in 1...12 {
        let shape = columns == 1 ? [count] : [count, Int(pow(10.0, Double(columns)))]
        #expect(NumpyFile.header(for: Float.self, shape: shape).count % 64 == 0)
      }
    }
  }

  @Test("data that is not aligned is copied") func unaligned() throws {
    for padding in 0..<9 {
      let spaces = String(repeating: " ", count: padding)
      let file = try parsed(
        header: "{'shape': (2,), \"fortran_order\":False,'descr':'<i8'}" + spaces,
        data: [1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255],
        version: UInt8(1 + padding % 3))
      #expect(try file.buffer(of: Int64.self) == [1, -1])
    }
  }

  @Test("a file cut short is refused with both sizes") func cutShort() throws {
    let cut = Buffer(Self.three.dropLast())
    #expect(throws: NumpyError.wrongSize(path: "a.npy", expected: 12, found: 11)) {
      try NumpyFile(bytes: cut, path: "a.npy")
    }
    #expect(throws: NumpyError.wrongSize(path: "a.npy", expected: 12, found: 13)) {
      try NumpyFile(bytes: Buffer(Self.three + [0]), path: "a.npy")
    }
  }

  @Test("what is not read here is refused with the way out") func refusals() throws {
    func message(_ header: String, data: [UInt8] = []) -> String {
      do throws(NumpyError) {
        _ = try parsed(header: header, data: data)
        return "read"
      } catch { return error.description }
    }
    let double = message("{'descr': '<f8', 'fortran_order': False, 'shape': (0,), }")
    #expect(double.contains("<f8") && double.contains("astype"))
    #expect(message("{'descr': '>f4', 'fortran_order': False, 'shape': (0,), }").contains(">f4"))
    #expect(message("{'descr': '|O', 'fortran_order': False, 'shape': (0,), }").contains("|O"))
    #expect(
      message("{'descr': '<f4', 'fortran_order': True, 'shape': (0, 2), }").contains("ascontiguousarray"))
    #expect(
      message("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 3), }").contains("3 dimensions"))
    #expect(message("{'descr': '<f4', 'fortran_order': False, 'shape': (), }").contains("0 dimensions"))
    #expect(message("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }").contains("records"))
    #expect(message("{'descr': '<f4', 'shape': (1,), }").contains("missing"))
    #expect(
      message("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }").contains(
        "shape"))
    #expect(
      message("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }").contains(
        "shape"))
    #expect(throws: NumpyError.notNumpy(path: "a.npy")) { try NumpyFile(bytes: [1, 2, 3], path: "a.npy") }
    let file = try NumpyFile(bytes: Buffer(Self.three), path: "a.npy")
    #expect(throws: NumpyError.wrongType(path: "a.npy", expected: "<f4", found: "<u4")) {
      try file.buffer(of: Float.self)
    }
    #expect(throws: NumpyError.self) { try NumpyFile(path: folder + "/absent.npy") }
    #expect(throws: NumpyError.self) { try NumpyFile(path: folder) }
    #expect(throws: NumpyError.self) {
      try NumpyFile.write(Buffer<UInt8>([1]), to: folder + "/no/such/a.npy")
    }
  }

  @Test("damaged bytes are read or refused, never trapped on") func fuzz() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var numbers = Seed(seed).generator(for: "npy fuzz")
    var read = 0
    for _ in 0..<20_000 {
      var bytes = Self.three
      for _ in 0...Int.random(in: 0...3, using: &numbers) {
        let place = Int.random(in: 0..<bytes.count, using: &numbers)
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(UInt8.random(in: 32...126, using: &numbers), at: place)
        default: bytes.removeLast(min(bytes.count - 1, Int.random(in: 0...8, using: &numbers)))
        }
        if bytes.isEmpty { bytes = [0] }
      }
      guard let file = try? NumpyFile(bytes: Buffer(bytes), path: "fuzz") else { continue }
      read += 1
      if let values = try? file.buffer(of: UInt32.self) {
        #expect(values.count == file.count && values.byteCount <= bytes.count, "seed \(seed)")
      }
    }
    #expect(read > 100, "seed \(seed)")
  }
}
