import CKernels
import Compute
import Graph

/// Numbers texts by their first appearance, on top of those that are numbered already.
///
/// The numbers of `base` stay; new texts go on after them. For one thread at a time.
final class KeyTable {
  let base: KeyIndex?
  private let baseCount: Int
  private let added: OpaquePointer

  init(base: KeyIndex? = nil) {
    self.base = base.flatMap { $0.count > 0 ? $0 : nil }
    self.baseCount = base?.count ?? 0
    guard let keys = rg_keys_new() else { fatalError("out of memory") }
    self.added = keys
  }

  deinit { rg_keys_free(added) }

  static let none = UInt32.max

  var count: Int { baseCount + rg_keys_count(added) }
  var addedCount: Int { rg_keys_count(added) }

  /// The number of each text, new ones added; `none` for no text.
  func intern(
    _ texts: UnsafeBufferPointer<rg_text>, into numbers: UnsafeMutablePointer<UInt32>
  )
    throws(StoreError)
  {
    guard baseCount + rg_keys_count(added) + texts.count < Int(UInt32.max) else {
      throw .tooMany(what: "keys of one type", limit: Int(UInt32.max) - 1)
    }
    guard base != nil else {
      guard rg_keys_intern(added, texts.baseAddress, texts.count, numbers) == 0 else {
        throw .tooMany(what: "keys for the memory there is", limit: count)
      }
      return
    }
    findInBase(texts, into: numbers)
    var places: [Int] = []
    var missing: [rg_text] = []
    for index in texts.indices where numbers[index] == KeyTable.none && texts[index].bytes != nil {
      places.append(index)
      missing.append(texts[index])
    }
    guard !missing.isEmpty else { return }
    var fresh = [UInt32](repeating: 0, count: missing.count)
    guard rg_keys_intern(added, missing, missing.count, &fresh) == 0 else {
      throw .tooMany(what: "keys for the memory there is", limit: count)
    }
    for (index, place) in places.enumerated() { numbers[place] = fresh[index] + UInt32(baseCount) }
  }

  /// The number of each text that is there; `none` for others.
  func find(_ texts: UnsafeBufferPointer<rg_text>, into numbers: UnsafeMutablePointer<UInt32>) {
    guard base != nil else {
      rg_keys_find(added, texts.baseAddress, texts.count, numbers)
      return
    }
    findInBase(texts, into: numbers)
    guard addedCount > 0 else { return }
    for index in texts.indices where numbers[index] == KeyTable.none && texts[index].bytes != nil {
      var number: UInt32 = 0
      rg_keys_find(added, texts.baseAddress! + index, 1, &number)
      if number != KeyTable.none { numbers[index] = number + UInt32(baseCount) }
    }
  }

  private func findInBase(_ texts: UnsafeBufferPointer<rg_text>, into numbers: UnsafeMutablePointer<UInt32>) {
    guard let base else { return }
    base.texts.withUnsafeTexts { offsets, bytes in
      base.slots.withUnsafeBufferPointer { slots in
        // A type whose only key is empty has no bytes at all.
        let start =
          bytes.baseAddress ?? UnsafeRawPointer(offsets.baseAddress!).assumingMemoryBound(to: UInt8.self)
        rg_slots_find(
          offsets.baseAddress, start, slots.baseAddress, slots.count, texts.baseAddress, texts.count, numbers)
      }
    }
  }

  /// All texts and the table to find them by; where nothing was added, the base as it is.
  func finished() -> KeyIndex {
    let addedCount = addedCount
    let addedTexts = TextArray(
      offsets: Buffer(UnsafeBufferPointer(start: rg_keys_offsets(added), count: addedCount + 1)),
      bytes: Buffer(UnsafeBufferPointer(start: rg_keys_bytes(added), count: rg_keys_byte_count(added))))
    guard let base else {
      let slots = Buffer<UInt32>(count: rg_keys_slot_count(added)) { rg_keys_slots(added, $0.baseAddress) }
      return KeyIndex(texts: addedTexts, slots: slots)
    }
    guard addedCount > 0 else { return base }
    return KeyIndex.indexing(base.texts.appending(addedTexts), startingFrom: base)
  }
}

extension KeyIndex {
  /// The table of texts that begin with those of `old`: what is entered there is kept where the size allows.
  /// Needs: no text twice.
  static func indexing(_ texts: TextArray, startingFrom old: KeyIndex? = nil) -> KeyIndex {
    var size = 4
    while size * 6 < texts.count * 10 { size *= 2 }
    let isKept = old.map { $0.slots.count >= size } ?? false
    let slots = Buffer<UInt32>(count: isKept ? old!.slots.count : size) { slots in
      if let old, isKept {
        old.slots.withUnsafeBufferPointer { _ = slots.update(fromContentsOf: $0) }
      } else {
        slots.initialize(repeating: .max)
      }
      texts.withUnsafeTexts { offsets, bytes in
        let start =
          bytes.baseAddress ?? UnsafeRawPointer(offsets.baseAddress!).assumingMemoryBound(to: UInt8.self)
        rg_slots_insert(
          slots.baseAddress, slots.count, offsets.baseAddress, start, isKept ? old!.count : 0, texts.count)
      }
    }
    return KeyIndex(texts: texts, slots: slots)
  }
}

extension TextArray {
  /// These texts, then others.
  func appending(_ other: TextArray) -> TextArray {
    let start = UInt64(bytes.count)
    let offsets = Buffer<UInt64>(count: count + other.count + 1) { target in
      self.offsets.withUnsafeBufferPointer { source in
        target.baseAddress!.update(from: source.baseAddress!, count: source.count)
      }
      for index in 0..<other.count { target[count + 1 + index] = start + other.offsets[index + 1] }
    }
    return TextArray(offsets: offsets, bytes: bytes.appending(other.bytes))
  }
}

extension Buffer {
  /// These elements, then others, in new memory.
  func appending(_ other: Buffer) -> Buffer {
    Buffer(count: count + other.count) { target in
      withUnsafeBufferPointer { source in
        if let start = source.baseAddress { target.baseAddress!.update(from: start, count: source.count) }
      }
      other.withUnsafeBufferPointer { source in
        guard let start = source.baseAddress, source.count > 0 else { return }
        (target.baseAddress! + count).update(from: start, count: source.count)
      }
    }
  }
}
