// Nodes joined by what they share: two merchants that used one device, one account, one address.
//
// A thing that d nodes share adds 1 / (d - 1) to each of their pairs. So it adds exactly one to what each of them is
// joined by, whether two share it or fifty: a family's tablet binds closely, an office's printer loosely. Above a
// chosen degree it joins nobody. How often a node used a thing does not count: a thing is shared or not.
//
// Row by row: a node's things, in order, and their nodes, added up in an array as long as there are nodes. Both ends
// of a pair meet their common things in the same order, so that both sums have the same bits.
//
// Newman: Scientific collaboration networks II (2001), for the weights.

import Compute
import Synchronization

/// The things of one type that nodes share.
public struct SharedThings: Sendable {
  /// The things' type, and the relations that lead to them.
  public let type: String
  public let relation: String
  /// Each node's things, and each thing's nodes, every pair once, rising.
  public let things: CSR
  public let nodes: CSR

  /// `rows` are those of the nodes from `start` on; together they make one list of nodes.
  init(
    type: String, relation: String, rows: [(start: Int, rows: CSR)], nodeCount: Int, parallel: Parallel
  ) throws(GraphError) {
    self.type = type
    self.relation = relation
    let count = rows.reduce(0) { $0 + $1.rows.entryCount }
    let sources = UnfinishedBuffer<UInt32>(capacity: count)
    let targets = UnfinishedBuffer<UInt32>(capacity: count)
    var place = 0
    for (start, rows) in rows {
      for row in 0..<rows.rowCount {
        for entry in rows.row(row) {
          sources.elements[place] = UInt32(start + row)
          targets.elements[place] = rows.targets[entry]
          place += 1
        }
      }
    }
    let builder = CSRBuilder(
      EdgeList(
        sourceCount: nodeCount, targetCount: rows.map(\.rows.targetCount).max() ?? 0,
        sources: sources.finished(), targets: targets.finished()),
      duplicates: .sum, parallel: parallel)
    things = try builder.forward()
    nodes = try builder.backward()
  }

  /// How many pairs the things of at most that degree join; a pair counts once for each thing.
  func pairs(upTo maxDegree: Int) -> Int {
    (0..<nodes.rowCount).reduce(0) { sum, thing in
      let degree = nodes.degree(thing)
      return degree <= maxDegree ? sum + degree * (degree - 1) / 2 : sum
    }
  }

  /// The largest degree below which the pairs stay within the limit.
  static func largestDegree(of parts: [SharedThings], fitting most: Int, below: Int) -> Int {
    var (low, high) = (1, below)
    while low < high {
      let middle = (low + high + 1) / 2
      if parts.reduce(0, { $0 + $1.pairs(upTo: middle) }) <= most { low = middle } else { high = middle - 1 }
    }
    return low
  }

  func report(maxDegree: Int) -> ProjectionReport.Shared {
    let degrees = (0..<nodes.rowCount).map { nodes.degree($0) }
    let leftOut = degrees.filter { $0 > maxDegree }
    return ProjectionReport.Shared(
      type: type, relation: relation,
      used: degrees.count { (2...max(2, maxDegree)).contains($0) && $0 <= maxDegree },
      leftOut: leftOut.count, leftOutEnds: leftOut.reduce(0, +), largestDegree: degrees.max() ?? 0)
  }

  /// The joined nodes of all parts as one symmetric graph.
  static func joined(_ parts: [SharedThings], nodes count: Int, maxDegree: Int, parallel: Parallel) -> CSR {
    let size = max(1, min(4096, (count + 255) / 256))
    let blocks = (count + size - 1) / size
    var rows = [JoinedRows](repeating: JoinedRows(), count: blocks)
    rows.withUnsafeMutableBufferPointer { rows in
      nonisolated(unsafe) let rows = rows
      let next = Atomic<Int>(0)
      parallel.forEach(blocks: min(parallel.threads, blocks)) { _ in
        var sums = [Double](repeating: 0, count: count)
        while case let block = next.wrappingAdd(1, ordering: .relaxed).oldValue, block < blocks {
          rows[block] = JoinedRows(
            parts, rows: block * size..<min(count, (block + 1) * size), maxDegree: maxDegree, sums: &sums)
        }
      }
    }
    var offsets: [UInt64] = [0]
    offsets.reserveCapacity(count + 1)
    for block in rows { for length in block.lengths { offsets.append(offsets.last! + UInt64(length)) } }
    let total = Int(offsets.last!)
    let targets = UnfinishedBuffer<UInt32>(capacity: total)
    let weights = UnfinishedBuffer<Float>(capacity: total)
    do {
      nonisolated(unsafe) let (outTargets, outWeights) = (targets.elements, weights.elements)
      parallel.forEach(blocks: blocks) { block in
        let start = Int(offsets[block * size])
        let part = rows[block]
        for index in 0..<part.targets.count {
          outTargets[start &+ index] = part.targets[index]
          outWeights[start &+ index] = part.weights[index]
        }
      }
    }
    return CSR(
      targetCount: count, offsets: Buffer(offsets), targets: targets.finished(), weights: weights.finished())
  }
}

/// The rows of one block of nodes.
private struct JoinedRows {
  var lengths: [Int] = []
  var targets: [UInt32] = []
  var weights: [Float] = []

  init() {}

  /// `sums` holds a zero for every node, before and after.
  init(_ parts: [SharedThings], rows: Range<Int>, maxDegree: Int, sums: inout [Double]) {
    sums.withUnsafeMutableBufferPointer { sums in
      var touched: [UInt32] = []
      for row in rows {
        touched.removeAll(keepingCapacity: true)
        for part in parts where row < part.things.rowCount {
          part.nodes.targets.withUnsafeBufferPointer { nodes in
            for entry in part.things.row(row) {
              let members = part.nodes.row(Int(part.things.targets[entry]))
              guard members.count > 1, members.count <= maxDegree else { continue }
              let weight = 1 / Double(members.count - 1)
              for member in members {
                let node = nodes[member]
                if node == UInt32(row) { continue }
                if sums[Int(node)] == 0 { touched.append(node) }
                sums[Int(node)] += weight
              }
            }
          }
        }
        touched.sort()
        lengths.append(touched.count)
        for node in touched {
          targets.append(node)
          weights.append(Float(sums[Int(node)]))
          sums[Int(node)] = 0
        }
      }
    }
  }
}
