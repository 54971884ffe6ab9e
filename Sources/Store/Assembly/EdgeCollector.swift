import CKernels
import Compute
import Foundation
import Graph

/// Gathers the edges of one relation and sorts them into a layer on top of the base's.
final class EdgeCollector {
  let type: RelationType
  private let shape: TableShape
  private let base: Relation?
  private let from: NodeCollector
  private let to: NodeCollector
  private let columns: [ColumnCollector]
  private var sources = GrowingBuffer<UInt32>()
  private var targets = GrowingBuffer<UInt32>()

  // Space for one block, kept from block to block.
  private var fromNumbers: [UInt32] = []
  private var toNumbers: [UInt32] = []
  private var bothNumbers: [UInt32] = []
  private var bothTexts: [rg_text] = []
  /// Where the schema refuses a pair of ends twice: those that are there.
  private lazy var pairs = EdgePairs(of: base, type: type)

  init(_ type: RelationType, base: Relation?, from: NodeCollector, to: NodeCollector) {
    self.type = type
    self.base = base
    self.from = from
    self.to = to
    self.shape = TableShape(type)
    self.columns = shape.columns.map { ColumnCollector($0, base: base?.columns[$0.name]) }
  }

  private var baseCount: Int { base?.rowCount ?? 0 }

  func add(
    _ block: RowBlock, from source: RowSource, unknownKeys: UnknownKeys, log: ProblemLog
  )
    throws(StoreError)
  {
    guard baseCount + sources.count + block.count < Int(UInt32.max) else {
      throw .tooMany(what: "edges of \(type.name)", limit: Int(UInt32.max) - 1)
    }
    var kept = rowsWithTimes(block, from: source, log: log)
    try number(block, creating: unknownKeys == .create, only: kept)

    for row in 0..<block.count {
      let isUnknown = fromNumbers[row] == KeyTable.none || toNumbers[row] == KeyTable.none
      let isLoop = type.selfLoops != .keep && type.from == type.to && fromNumbers[row] == toNumbers[row]
      if !isUnknown && !isLoop && type.duplicates != .refuse { continue }
      // The rows kept so far stay; this one is judged, and the loop below goes on with the rest.
      kept = judged(block, from: source, unknownKeys: unknownKeys, log: log, among: kept)
      break
    }

    if let kept {
      for row in kept {
        sources.append(fromNumbers[row])
        targets.append(toNumbers[row])
      }
    } else {
      fromNumbers.withUnsafeBufferPointer {
        sources.append(UnsafeBufferPointer(rebasing: $0[..<block.count]))
      }
      toNumbers.withUnsafeBufferPointer { targets.append(UnsafeBufferPointer(rebasing: $0[..<block.count])) }
    }
    for (column, values) in zip(columns, block.columns) { try column.append(values, kept: kept) }
    if type.duplicates == .refuse {
      for row in kept ?? Array(0..<block.count) { pairs.insert(fromNumbers[row], toNumbers[row]) }
    }
  }

  /// The rows that `add` would keep, nil for all; nothing is added.
  func rowsToKeep(
    _ block: RowBlock, from source: RowSource, unknownKeys: UnknownKeys, log: ProblemLog
  ) -> [Int]? {
    let timed = rowsWithTimes(block, from: source, log: log)
    reserve(block.count)
    from.keys.find(block.keys[0], into: &fromNumbers)
    to.keys.find(block.keys[1], into: &toNumbers)
    let kept = judged(block, from: source, unknownKeys: unknownKeys, log: log, among: timed)
    return kept.count == block.count ? nil : kept
  }

  /// Rows that bear a time, where the relation has clocks; nil where all do.
  private func rowsWithTimes(_ block: RowBlock, from source: RowSource, log: ProblemLog) -> [Int]? {
    let clocks = shape.clockColumns
    guard !clocks.isEmpty else { return nil }
    let values = clocks.map { index -> UnsafeBufferPointer<Int64> in
      guard case .times(let values) = block.columns[index] else {
        preconditionFailure("a clock without times")
      }
      return values
    }
    var kept: [Int]?
    for row in 0..<block.count {
      let isTimed = values.contains { $0[row] != Column.missingTime }
      if isTimed {
        kept?.append(row)
      } else {
        log.add(source.problem(row, shape.columns[clocks[0]].name, nil, .missingTime))
        if kept == nil { kept = Array(0..<row) }
      }
    }
    return kept
  }

  private func reserve(_ count: Int) {
    guard fromNumbers.count < count else { return }
    fromNumbers = [UInt32](repeating: 0, count: count)
    toNumbers = fromNumbers
    bothNumbers = [UInt32](repeating: 0, count: 2 * count)
    bothTexts = [rg_text](repeating: rg_text(), count: 2 * count)
  }

  /// Finds the numbers of both ends of each row, or makes them.
  private func number(_ block: RowBlock, creating: Bool, only kept: [Int]?) throws(StoreError) {
    let count = block.count
    reserve(count)
    // Rows that are out already must not make nodes; ends of one type are numbered in turn, so that the numbers do not
    // depend on where blocks end. A row with one end missing makes no node of the other.
    let isAwkward =
      creating && (kept != nil || from === to || block.keys.contains { $0.contains { $0.bytes == nil } })
    if isAwkward {
      var next = 0
      var isOut = [Bool](repeating: kept != nil, count: count)
      if let kept { for row in kept { isOut[row] = false } }
      for row in 0..<count {
        let isWhole = !isOut[row] && block.keys[0][row].bytes != nil && block.keys[1][row].bytes != nil
        bothTexts[next] = isWhole ? block.keys[0][row] : rg_text()
        bothTexts[next + 1] = isWhole ? block.keys[1][row] : rg_text()
        next += 2
      }
      if from === to {
        try bothTexts.withUnsafeBufferPointer { (texts) throws(StoreError) in
          try from.keys.intern(UnsafeBufferPointer(rebasing: texts[..<next]), into: &bothNumbers)
        }
        for row in 0..<count {
          fromNumbers[row] = bothNumbers[2 * row]
          toNumbers[row] = bothNumbers[2 * row + 1]
        }
      } else {
        let ends = (0..<count).map { bothTexts[2 * $0] } + (0..<count).map { bothTexts[2 * $0 + 1] }
        try ends.withUnsafeBufferPointer { (ends) throws(StoreError) in
          try from.keys.intern(UnsafeBufferPointer(rebasing: ends[..<count]), into: &fromNumbers)
          try to.keys.intern(UnsafeBufferPointer(rebasing: ends[count...]), into: &toNumbers)
        }
      }
    } else if creating {
      try from.keys.intern(block.keys[0], into: &fromNumbers)
      try to.keys.intern(block.keys[1], into: &toNumbers)
    } else {
      from.keys.find(block.keys[0], into: &fromNumbers)
      to.keys.find(block.keys[1], into: &toNumbers)
    }
  }

  /// Looks at every row and says what is wrong with it; returns the rows that stay.
  private func judged(
    _ block: RowBlock, from source: RowSource, unknownKeys: UnknownKeys, log: ProblemLog, among kept: [Int]?
  ) -> [Int] {
    var seen: Set<[String]> = []
    return (kept ?? Array(0..<block.count)).filter { row in
      for (side, numbers) in [fromNumbers, toNumbers].enumerated() where numbers[row] == KeyTable.none {
        let text = block.keys[side][row]
        let column = shape.keyColumns[side]
        if text.bytes == nil {
          log.add(source.problem(row, column, nil, .missingKey))
        } else if unknownKeys == .skip {
          log.skipUnknownKey()
        } else if unknownKeys == .error {
          let type = side == 0 ? self.type.from : self.type.to
          log.add(source.problem(row, column, text, .unknownKey(type: type)))
        } else {
          // The node is made when the row is added.
          continue
        }
        return false
      }
      guard type.from == type.to, hasSameEnds(block, row) else {
        return isFirst(block, row, seen: &seen, from: source, log: log)
      }
      switch type.selfLoops {
      case .keep: return isFirst(block, row, seen: &seen, from: source, log: log)
      case .drop: log.dropSelfLoop()
      case .refuse: log.add(source.problem(row, shape.keyColumns[1], block.keys[1][row], .selfLoop))
      }
      return false
    }
  }

  /// Whether the pair of ends is new, in this block too, where the schema refuses pairs twice.
  private func isFirst(
    _ block: RowBlock, _ row: Int, seen: inout Set<[String]>, from source: RowSource, log: ProblemLog
  ) -> Bool {
    guard type.duplicates == .refuse else { return true }
    let ends = block.keys.map { keys in
      keys[row].bytes.map {
        String(decoding: UnsafeBufferPointer(start: $0, count: Int(keys[row].length)), as: UTF8.self)
      } ?? ""
    }
    let isKnown = fromNumbers[row] != KeyTable.none && toNumbers[row] != KeyTable.none
    let stoodBefore = isKnown && pairs.contains(fromNumbers[row], toNumbers[row])
    let isNewHere = seen.insert(type.isDirected ? ends : ends.sorted()).inserted
    guard stoodBefore || !isNewHere else { return true }
    log.add(
      RowProblem(
        file: source.file, row: source.number(row), column: shape.keyColumns[1],
        value: "\(ends[0]) – \(ends[1])", kind: .duplicateEdge))
    return false
  }

  private func hasSameEnds(_ block: RowBlock, _ row: Int) -> Bool {
    guard fromNumbers[row] == toNumbers[row] else { return false }
    guard fromNumbers[row] == KeyTable.none else { return true }
    let (a, b) = (block.keys[0][row], block.keys[1][row])
    return a.length == b.length && memcmp(a.bytes, b.bytes, Int(a.length)) == 0
  }

  /// The relation with the base's layer and, where rows came, one on top.
  func finished(fromCount: Int, toCount: Int, log: ProblemLog) throws(StoreError) -> Relation {
    var takenSources = GrowingBuffer<UInt32>()
    var takenTargets = GrowingBuffer<UInt32>()
    swap(&takenSources, &sources)
    swap(&takenTargets, &targets)
    let layer = EdgeLayer(
      type: type, sources: takenSources.finished(), targets: takenTargets.finished(), fromCount: fromCount,
      toCount: toCount)
    do {
      let relation = try layer.placed(on: base, columns: columns, shape: shape)
      return type.duplicates == .sum ? try relation.summingDuplicates() : relation
    } catch {
      throw .graph(relation: type.name, "\(error)")
    }
  }
}
