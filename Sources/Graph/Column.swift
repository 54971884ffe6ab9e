import Compute

/// One named property of every node of a type, or of every edge of a relation.
public enum Column: Sendable {
  /// Numbers and flags; missing is NaN.
  case number(Buffer<Float>)
  /// Seconds since 1970; missing is `Int64.min`.
  case time(Buffer<Int64>)
  /// Codes into `levels`; missing is `UInt32.max`.
  case category(codes: Buffer<UInt32>, levels: TextArray)
  case text(TextArray)

  public static let missingTime = Int64.min
  public static let missingCode = UInt32.max

  public var count: Int {
    switch self {
    case .number(let values): values.count
    case .time(let values): values.count
    case .category(let codes, _): codes.count
    case .text(let texts): texts.count
    }
  }
}

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

  public var count: Int { offsets.count - 1 }

  public subscript(index: Int) -> String {
    let range = Int(offsets[index])..<Int(offsets[index + 1])
    return bytes.withUnsafeBufferPointer {
      String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self)
    }
  }
}
