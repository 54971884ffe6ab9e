import Compute

/// The keys of one node type, both ways: the key of a node, and the node of a key.
///
/// Finding a key hashes it once and compares a few bytes; the table is two buffers, so a stored one is mapped,
/// not read. Keys are compared byte for byte in UTF-8: "é" in one and in two code points are two keys.
public struct KeyIndex: Sendable {
  public let texts: TextArray
  /// An open-addressing hash table of node ids, its size a power of two; `UInt32.max` is an empty slot.
  public let slots: Buffer<UInt32>

  /// Needs: slots made by this type for these texts.
  public init(texts: TextArray, slots: Buffer<UInt32>) {
    precondition(slots.count.nonzeroBitCount == 1 && slots.count > texts.count, "a hash table too small")
    self.texts = texts
    self.slots = slots
  }

  /// Makes the hash table, at most 60 % full. Throws where a key stands twice.
  public init(texts: TextArray) throws(GraphError) {
    var size = 4
    while size * 6 < texts.count * 10 { size *= 2 }
    let mask = size - 1
    self.slots = try Buffer<UInt32>(count: size) { slots throws(GraphError) in
      slots.initialize(repeating: KeyIndex.emptySlot)
      try texts.withUnsafeTexts { (offsets, bytes) throws(GraphError) in
        for node in 0..<texts.count {
          let text = UnsafeBufferPointer(rebasing: bytes[Int(offsets[node])..<Int(offsets[node + 1])])
          var slot = Int(truncatingIfNeeded: KeyIndex.hash(text)) & mask
          while slots[slot] != KeyIndex.emptySlot {
            let other = Int(slots[slot])
            let range = Int(offsets[other])..<Int(offsets[other + 1])
            if UnsafeBufferPointer(rebasing: bytes[range]).elementsEqual(text) {
              throw GraphError.duplicateKey(key: String(decoding: text, as: UTF8.self))
            }
            slot = (slot &+ 1) & mask
          }
          slots[slot] = UInt32(node)
        }
      }
    }
    self.texts = texts
  }

  public var count: Int { texts.count }

  public func key(_ node: NodeID) -> String { texts[node.index] }

  public func node(_ key: String) -> NodeID? {
    var key = key
    return key.withUTF8 { key in
      texts.withUnsafeTexts { offsets, bytes in
        slots.withUnsafeBufferPointer { slots in
          let mask = slots.count - 1
          var slot = Int(truncatingIfNeeded: KeyIndex.hash(key)) & mask
          while slots[slot] != KeyIndex.emptySlot {
            let node = Int(slots[slot])
            let range = Int(offsets[node])..<Int(offsets[node + 1])
            if range.count == key.count, UnsafeBufferPointer(rebasing: bytes[range]).elementsEqual(key) {
              return NodeID(UInt32(node))
            }
            slot = (slot &+ 1) & mask
          }
          return nil
        }
      }
    }
  }

  static let emptySlot = UInt32.max

  /// Eight bytes at a time, mixed by a multiplication each; part of the stored format, so it never changes.
  static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = UInt64(text.count) &* 0x9e37_79b9_7f4a_7c15
    var position = 0
    let raw = UnsafeRawPointer(text.baseAddress)
    while position &+ 8 <= text.count {
      let word = UInt64(littleEndian: raw!.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      hash = (hash ^ word) &* 0xbf58_476d_1ce4_e5b9
      hash ^= hash >> 29
      position &+= 8
    }
    var tail: UInt64 = 0
    while position < text.count {
      tail = tail << 8 | UInt64(text[position])
      position &+= 1
    }
    return splitMix(hash ^ tail)
  }
}
