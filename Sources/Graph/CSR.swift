import Compute

/// Adjacency in compressed rows: the neighbours of node `i` are `targets[offsets[i]..<offsets[i + 1]]`.
///
/// Rows are sorted by time where there are times (then by target), else by target, so that what was visible before
/// an instant is a prefix of each row. Made by `CSRBuilder`; never changes. On disk, or in memory: no difference.
public struct CSR: Sendable {
  /// How many nodes the targets may name; rows are `offsets.count - 1`.
  public let targetCount: Int
  public let offsets: Buffer<UInt64>
  public let targets: Buffer<UInt32>
  /// A weight for each entry; 1 where there is no buffer.
  public let weights: Buffer<Float>?
  /// For each entry, the second from which it is visible: the later of when it happened and when it was known.
  public let times: Buffer<Int64>?
  /// For each entry, the row of the relation's columns that belongs to it; the entry's own place where there is no buffer.
  public let edgeRows: Buffer<UInt32>?

  /// Needs: buffers that fit each other, as `violation()` checks in full.
  public init(
    targetCount: Int, offsets: Buffer<UInt64>, targets: Buffer<UInt32>, weights: Buffer<Float>? = nil,
    times: Buffer<Int64>? = nil, edgeRows: Buffer<UInt32>? = nil
  ) {
    precondition(
      offsets.count >= 1 && offsets.last == UInt64(targets.count), "offsets that do not fit the targets")
    precondition(weights.map { $0.count == targets.count } ?? true, "one weight for each target")
    precondition(times.map { $0.count == targets.count } ?? true, "one time for each target")
    precondition(edgeRows.map { $0.count == targets.count } ?? true, "one edge row for each target")
    self.targetCount = targetCount
    self.offsets = offsets
    self.targets = targets
    self.weights = weights
    self.times = times
    self.edgeRows = edgeRows
  }

  public static func empty(rows: Int, targetCount: Int) -> CSR {
    CSR(targetCount: targetCount, offsets: Buffer(repeating: 0, count: rows + 1), targets: [])
  }

  public var rowCount: Int { offsets.count - 1 }
  public var entryCount: Int { targets.count }

  /// The entries of a row.
  public func row(_ row: Int) -> Range<Int> { Int(offsets[row])..<Int(offsets[row + 1]) }

  /// The entries of a row that were visible before `asOf`: what bears that very second is the future.
  /// A binary search in the row's times.
  public func row(_ row: Int, before asOf: Timestamp?) -> Range<Int> {
    let whole = self.row(row)
    guard let asOf, let times else { return whole }
    return whole.lowerBound..<whole.partitionPoint { times[$0] < asOf.seconds }
  }

  public func degree(_ row: Int) -> Int { self.row(row).count }

  public func edgeRow(_ entry: Int) -> Int { edgeRows.map { Int($0[entry]) } ?? entry }
  public func weight(_ entry: Int) -> Float { weights?[entry] ?? 1 }
}
