/// Many texts in two buffers: text `i` is `bytes[offsets[i]..<offsets[i + 1]]`, in UTF-8.
public struct TextArray: Sendable, Equatable {
  public let offsets: Buffer<UInt64>
  public let bytes: Buffer<UInt8>

  /// Needs: offsets that start at 0, never fall, and end at `bytes.count`.
  public init(offsets: Buffer<UInt64>, bytes: Buffer<UInt8>) {
    precondition(
      offsets.count >= 1 && offsets.last == UInt64(bytes.count), "offsets that do not fit the bytes")
    self.offsets = offsets
    self.bytes = bytes
  }

  public init(_ texts: some Collection<String>) {
    var offsets: [UInt64] = [0]
    var bytes: [UInt8] = []
    offsets.reserveCapacity(texts.count + 1)
    for text in texts {
      bytes.append(contentsOf: text.utf8)
      offsets.append(UInt64(bytes.count))
    }
    self.init(offsets: Buffer(offsets), bytes: Buffer(bytes))
  }

  @inlinable
  public var count: Int { offsets.count - 1 }

  public subscript(index: Int) -> String {
    let range = Int(offsets[index])..<Int(offsets[index + 1])
    return bytes.withUnsafeBufferPointer {
      String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self)
    }
  }
}

extension TextArray {
  @inlinable
  package func withUnsafeTexts<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt64>, UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try offsets.withUnsafeBufferPointer { (offsets) throws(Failure) in
      try bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in try body(offsets, bytes) }
    }
  }
}
