import CKernels
import Compute
import Graph

/// Gathers the values of one column, row after row, on top of those of `base`.
///
/// For one thread at a time.
final class ColumnCollector {
  let type: ColumnType
  private let base: Column?
  private let levels: KeyTable?
  private var numbers = GrowingBuffer<Float>(capacity: 1)
  private var times = GrowingBuffer<Int64>(capacity: 1)
  private var codes = GrowingBuffer<UInt32>(capacity: 1)
  private var textEnds = GrowingBuffer<UInt64>(capacity: 1)
  private var textBytes = GrowingBuffer<UInt8>(capacity: 1)
  private var sealedTimes: Buffer<Int64>?

  init(_ type: ColumnType, base: Column?) {
    self.type = type
    self.base = base
    if type.kind == .category {
      if case .category(_, let levels)? = base {
        self.levels = KeyTable(base: KeyIndex.indexing(levels))
      } else {
        self.levels = KeyTable()
      }
    } else {
      self.levels = nil
    }
  }

  /// Appends the values of a block, or of its rows in `kept`. Needs: values of the column's kind.
  func append(_ values: RowBlock.Values, kept: [Int]?) throws(StoreError) {
    switch (type.kind, values) {
    case (.number, .numbers(let values)), (.flag, .numbers(let values)):
      if let kept { for row in kept { numbers.append(values[row]) } } else { numbers.append(values) }
    case (.time, .times(let values)):
      if let kept { for row in kept { times.append(values[row]) } } else { times.append(values) }
    case (.category, .texts(let texts)):
      if let kept {
        try appendCodes(of: kept.map { texts[$0] })
      } else {
        try appendCodes(of: texts)
      }
    case (.text, .texts(let texts)):
      if let kept { for row in kept { append(texts[row]) } } else { for text in texts { append(text) } }
    default: preconditionFailure("values of another kind than the column \(type.name)")
    }
  }

  private func appendCodes(of texts: [rg_text]) throws(StoreError) {
    try texts.withUnsafeBufferPointer { (texts) throws(StoreError) in try appendCodes(of: texts) }
  }

  private func appendCodes(of texts: UnsafeBufferPointer<rg_text>) throws(StoreError) {
    let start = codes.count
    codes.append(repeating: KeyTable.none, count: texts.count)
    try levels!.intern(texts, into: codes.start + start)
  }

  private func append(_ text: rg_text) {
    textBytes.append(UnsafeBufferPointer(start: text.bytes, count: text.bytes == nil ? 0 : Int(text.length)))
    textEnds.append(UInt64(textBytes.count))
  }

  /// The times gathered so far, in the order they came; nothing may be appended after. Needs: a column of times.
  func addedTimes() -> Buffer<Int64> {
    if let sealedTimes { return sealedTimes }
    let sealed = take(&times)
    sealedTimes = sealed
    return sealed
  }

  /// The base's values, then for each of `places` the value of that row (nil places: all rows in order); a place of
  /// `KeyTable.none` is a missing value. Ends the collecting.
  func finished(places: Buffer<UInt32>?) -> Column {
    switch type.kind {
    case .number, .flag:
      var base = Buffer<Float>([])
      if case .number(let values)? = self.base { base = values }
      return .number(base.following(take(&numbers).gathered(places, missing: .nan)))
    case .time:
      var base = Buffer<Int64>([])
      if case .time(let values)? = self.base { base = values }
      return .time(base.following(addedTimes().gathered(places, missing: Column.missingTime)))
    case .category:
      var base = Buffer<UInt32>([])
      if case .category(let values, _)? = self.base { base = values }
      return .category(
        codes: base.following(take(&codes).gathered(places, missing: Column.missingCode)),
        levels: levels!.finished().texts)
    case .text:
      let added = TextArray(ends: take(&textEnds), bytes: take(&textBytes)).gathered(places)
      if case .text(let texts)? = base, texts.count > 0 {
        return .text(added.count > 0 ? texts.appending(added) : texts)
      }
      return .text(added)
    }
  }

  private func take<Element>(_ buffer: inout GrowingBuffer<Element>) -> Buffer<Element> {
    var taken = GrowingBuffer<Element>(capacity: 1)
    swap(&taken, &buffer)
    return taken.finished()
  }
}

extension Column {
  /// A column of so many missing values.
  static func missing(_ kind: ColumnType.Kind, count: Int) -> Column {
    switch kind {
    case .number, .flag: .number(Buffer(repeating: .nan, count: count))
    case .time: .time(Buffer(repeating: missingTime, count: count))
    case .category: .category(codes: Buffer(repeating: missingCode, count: count), levels: TextArray([]))
    case .text: .text(TextArray(offsets: Buffer(repeating: 0, count: count + 1), bytes: []))
    }
  }

  /// The values at the places; a place of `KeyTable.none` gives a missing value.
  func gathered(_ places: Buffer<UInt32>) -> Column {
    switch self {
    case .number(let values): .number(values.gathered(places, missing: .nan))
    case .time(let values): .time(values.gathered(places, missing: Column.missingTime))
    case .category(let codes, let levels):
      .category(codes: codes.gathered(places, missing: Column.missingCode), levels: levels)
    case .text(let texts): .text(texts.gathered(places))
    }
  }
}

extension Buffer {
  /// Self where other is empty, other where self is, else both in new memory.
  func following(_ other: Buffer) -> Buffer { isEmpty ? other : other.isEmpty ? self : appending(other) }

  /// The elements at the places (nil: all, in order); `missing` for a place of `KeyTable.none`.
  func gathered(_ places: Buffer<UInt32>?, missing: Element) -> Buffer {
    guard let places else { return self }
    let result = UnfinishedBuffer<Element>(capacity: places.count)
    let cells = result.elements
    withUnsafeBufferPointer { source in
      places.withUnsafeBufferPointer { places in
        Parallel.machine.forEach(rows: places.count, atLeast: 1 << 14) { range in
          for index in range {
            let place = places[index]
            cells.initializeElement(
              at: index, to: place == KeyTable.none ? missing : source[Int(place)])
          }
        }
      }
    }
    return result.finished()
  }
}

extension TextArray {
  /// Texts by where each ends.
  init(ends: Buffer<UInt64>, bytes: Buffer<UInt8>) {
    let offsets = Buffer<UInt64>(count: ends.count + 1) { offsets in
      offsets[0] = 0
      ends.withUnsafeBufferPointer { ends in
        for index in ends.indices { offsets[index + 1] = ends[index] }
      }
    }
    self.init(offsets: offsets, bytes: bytes)
  }

  /// The texts at the places (nil: all, in order); the empty text for a place of `KeyTable.none`.
  func gathered(_ places: Buffer<UInt32>?) -> TextArray {
    guard let places else { return self }
    return withUnsafeTexts { offsets, bytes in
      let newOffsets = Buffer<UInt64>(count: places.count + 1) { target in
        var end: UInt64 = 0
        target[0] = 0
        for (index, place) in places.enumerated() {
          if place != KeyTable.none { end += offsets[Int(place) + 1] - offsets[Int(place)] }
          target[index + 1] = end
        }
      }
      let newBytes = Buffer<UInt8>(count: Int(newOffsets.last ?? 0)) { target in
        for (index, place) in places.enumerated() where place != KeyTable.none {
          let length = Int(offsets[Int(place) + 1] - offsets[Int(place)])
          guard length > 0 else { continue }
          (target.baseAddress! + Int(newOffsets[index])).update(
            from: bytes.baseAddress! + Int(offsets[Int(place)]), count: length)
        }
      }
      return TextArray(offsets: newOffsets, bytes: newBytes)
    }
  }
}
