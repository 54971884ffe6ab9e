import Foundation

extension NumpyFile {
  /// Writes a buffer as a one-dimensional array, or with `columns` as rows of that many elements, and syncs it to
  /// the disk. The file grows under its own name: whoever needs it to appear whole writes beside and renames.
  ///
  /// Needs: a count that `columns` divides.
  public static func write<Element: NumpyScalar>(
    _ buffer: Buffer<Element>, columns: Int? = nil, to path: String
  ) throws(NumpyError) {
    precondition(columns.map { $0 > 0 && buffer.count % $0 == 0 } ?? true, "rows of different length")
    let shape = columns.map { [buffer.count / $0, $0] } ?? [buffer.count]
    try buffer.withUnsafeBufferPointer { (elements) throws(NumpyError) in
      try write(header(for: Element.self, shape: shape), UnsafeRawBufferPointer(elements), to: path)
    }
  }

  /// Writes a matrix as an array of two dimensions, and syncs it.
  public static func write(_ matrix: Matrix, to path: String) throws(NumpyError) {
    let header = header(for: Float.self, shape: [matrix.rows, matrix.columns])
    try matrix.withUnsafeBufferPointer { (elements) throws(NumpyError) in
      try write(header, UnsafeRawBufferPointer(elements), to: path)
    }
  }

  /// The bytes before the data: magic letters, version 1, and the dictionary, padded so that the data starts at a
  /// multiple of 64. For whoever writes the data itself, block by block.
  public static func header<Element: NumpyScalar>(for type: Element.Type, shape: [Int]) -> [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '\(Element.numpyType)', 'fortran_order': False, 'shape': (\(extents)), }"
    let beyond = (10 + text.utf8.count + 1) % 64
    text += String(repeating: " ", count: beyond == 0 ? 0 : 64 - beyond) + "\n"
    let length = text.utf8.count
    return magic + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + Array(text.utf8)
  }

  private static func write(
    _ header: [UInt8], _ elements: UnsafeRawBufferPointer, to path: String
  ) throws(NumpyError) {
    func failed() -> NumpyError { .cannotWrite(path: path, reason: String(cString: strerror(errno))) }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failed() }
    let isWritten =
      header.withUnsafeBytes { writeAll($0, to: descriptor) } && writeAll(elements, to: descriptor)
      && fsync(descriptor) == 0
    let error: NumpyError? = isWritten ? nil : failed()
    guard close(descriptor) == 0 || error != nil else { throw failed() }
    if let error { throw error }
  }

  /// One call writes at most about 2 GiB, and may write less than it was asked to.
  private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = Foundation.write(descriptor, bytes.baseAddress! + done, min(bytes.count - done, 1 << 30))
      if count < 0 {
        if errno == EINTR { continue }
        return false
      }
      done += count
    }
    return true
  }
}
