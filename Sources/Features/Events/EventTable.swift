import Compute
import Graph

/// Things that happened, a row each: when the platform knew of it, who took part, and what was measured.
///
/// A relation with a clock is one, and so is a node type that is an event with links. What all event features are
/// computed from; it knows nothing of files or graphs' layers.
public struct EventTable: Sendable {
  /// One column of participants, and each participant's rows in the order of time.
  public struct End: Sendable {
    public let name: String
    /// The node type; ends of one type in several tables are the same nodes.
    public let type: String
    /// For each row the participant; `UInt32.max` where there was none.
    public let nodes: Buffer<UInt32>
    /// The rows of node `i` are `rows[offsets[i]..<offsets[i + 1]]`, earliest first.
    public let offsets: Buffer<UInt64>
    public let rows: Buffer<UInt32>

    public static let nobody = UInt32.max
    public var nodeCount: Int { offsets.count - 1 }
  }

  public struct Number: Sendable {
    public let name: String
    /// Missing is NaN.
    public let values: Buffer<Float>

    public init(name: String, values: Buffer<Float>) {
      self.name = name
      self.values = values
    }
  }

  public struct Category: Sendable {
    public let name: String
    /// Missing is `Column.missingCode`.
    public let codes: Buffer<UInt32>
    public let levels: [String]

    public init(name: String, codes: Buffer<UInt32>, levels: [String]) {
      self.name = name
      self.codes = codes
      self.levels = levels
    }
  }

  public let name: String
  /// For each row the second from which it was visible.
  public let times: Buffer<Int64>
  public let ends: [End]
  public let numbers: [Number]
  public let categories: [Category]

  public var rowCount: Int { times.count }

  /// Sorts each end's rows by time (then by row): two passes over the rows and one sort a node.
  ///
  /// Needs: columns of one length, nodes below their counts (or `End.nobody`).
  public init(
    name: String, times: Buffer<Int64>,
    ends: [(name: String, type: String, nodes: Buffer<UInt32>, count: Int)],
    numbers: [Number] = [], categories: [Category] = [], parallel: Parallel = .machine
  ) {
    self.name = name
    self.times = times
    self.numbers = numbers
    self.categories = categories
    self.ends = ends.map { end in
      let (offsets, rows) = rowsByNode(end.nodes, count: end.count, times: times, parallel: parallel)
      return End(name: end.name, type: end.type, nodes: end.nodes, offsets: offsets, rows: rows)
    }
  }

  /// The same rows and ends with other numbers.
  init(_ table: EventTable, numbers: [Number]) {
    name = table.name
    times = table.times
    ends = table.ends
    categories = table.categories
    self.numbers = numbers
  }

  /// The same rows grouped by something else: pairs of participants, a participant and a bin of a number.
  ///
  /// `groups` gives each row's group, dense from 0, or `End.nobody`.
  public func grouped(
    by groups: Buffer<UInt32>, count: Int, name: String, parallel: Parallel = .machine
  ) -> End {
    let (offsets, rows) = rowsByNode(groups, count: count, times: times, parallel: parallel)
    return End(name: name, type: name, nodes: groups, offsets: offsets, rows: rows)
  }

  /// Where in `end.rows` the rows of a node stand that were visible before `instant`: a binary search.
  func places(of node: UInt32, at end: End, before instant: Int64) -> Range<Int> {
    let whole = Int(end.offsets[Int(node)])..<Int(end.offsets[Int(node) + 1])
    return whole.lowerBound..<whole.partitionPoint { times[Int(end.rows[$0])] < instant }
  }

  public func end(_ name: String) -> End? { ends.first { $0.name == name } }
}

private func rowsByNode(
  _ nodes: Buffer<UInt32>, count: Int, times: Buffer<Int64>, parallel: Parallel
) -> (offsets: Buffer<UInt64>, rows: Buffer<UInt32>) {
  precondition(nodes.count == times.count, "a participant for each row")
  let offsets = Buffer<UInt64>(count: count + 1) { offsets in
    offsets.initialize(repeating: 0)
    nodes.withUnsafeBufferPointer { nodes in
      for node in nodes where node != EventTable.End.nobody { offsets[Int(node) + 1] += 1 }
    }
    for node in 0..<count { offsets[node + 1] += offsets[node] }
  }
  let rows = Buffer<UInt32>(count: Int(offsets.last!)) { rows in
    offsets.withUnsafeBufferPointer { offsets in
      var next = Array(offsets.dropLast())
      next.withUnsafeMutableBufferPointer { next in
        nodes.withUnsafeBufferPointer { nodes in
          for row in 0..<nodes.count where nodes[row] != EventTable.End.nobody {
            let node = Int(nodes[row])
            rows[Int(next[node])] = UInt32(row)
            next[node] += 1
          }
        }
      }
      times.withUnsafeBufferPointer { times in
        parallel.forEach(rows: count) { nodes in
          for node in nodes {
            let own = UnsafeMutableBufferPointer(
              rebasing: rows[Int(offsets[node])..<Int(offsets[node + 1])])
            sortByTime(own, times)
          }
        }
      }
    }
  }
  return (offsets, rows)
}

/// Tables mostly come in the order of time, so what is sorted already is left alone.
private func sortByTime(_ rows: UnsafeMutableBufferPointer<UInt32>, _ times: UnsafeBufferPointer<Int64>) {
  var rows = rows
  var position = 1
  while position < rows.count, times[Int(rows[position - 1])] <= times[Int(rows[position])] { position += 1 }
  guard position < rows.count else { return }
  rows.sort { a, b in
    let (x, y) = (times[Int(a)], times[Int(b)])
    return x != y ? x < y : a < b
  }
}
