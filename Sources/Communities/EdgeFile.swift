// Graphs from plain files: numpy arrays, comma-separated values, Matrix Market.
//
// Ids may be any numbers up to 2^64, with holes, or texts in a CSV: they are numbered anew, numbers in their order and
// texts in the order of appearance, and the names are kept. An edge named twice, or from both ends, counts once with
// its weights added.

import Compute
import Foundation
import Graph

/// An undirected graph read from a file, and what its nodes were called there.
public struct EdgeFile: Sendable {
  public let graph: Projection
  public let names: NodeNames

  public enum NodeNames: Sendable {
    /// Node `i` is called `i`.
    case places
    case numbers([UInt64])
    case texts([String])

    public subscript(node: Int) -> String {
      switch self {
      case .places: String(node)
      case .numbers(let numbers): String(numbers[node])
      case .texts(let texts): texts[node]
      }
    }
  }

  /// Reads `x.npy` (a row an edge: two ids, and perhaps a weight), `x.u.npy` (with `x.v.npy` beside it), `x.csv` or
  /// `x.txt` (two ids or keys and perhaps a weight; a first line of names is skipped), or `x.mtx`.
  public init(path: String, parallel: Parallel = .machine) throws {
    let edges: RawEdges
    switch (path as NSString).pathExtension.lowercased() {
    case "npy": edges = try RawEdges(numpy: path)
    case "mtx": edges = try RawEdges(matrixMarket: path)
    case "csv", "txt", "tsv", "el": edges = try RawEdges(csv: path)
    case let ending:
      throw CommunityError.unreadable(
        file: path, line: nil,
        reason:
          "an edge list ends in .npy, .csv, .txt or .mtx, not in \"\(ending)\". Is it a store? Then it is a folder."
      )
    }
    try self.init(edges, parallel: parallel)
  }

  init(_ edges: RawEdges, parallel: Parallel) throws {
    let (ends, count, names) = try edges.numbered()
    let list = EdgeList(
      sourceCount: count, targetCount: count, sources: ends.0, targets: ends.1,
      weights: edges.weights.map { Buffer($0) })
    var distinct = CSRBuilder(list, duplicates: .keep, parallel: parallel)
    // Plain lists stay plain: only where an edge stands twice is there a weight.
    if edges.weights != nil {
      distinct.duplicates = .sum
      self.graph = Projection(space: .plain(count), csr: try distinct.symmetric())
    } else {
      let csr = try distinct.symmetric()
      let isTwice = EdgeFile.hasDuplicates(csr, parallel)
      distinct = CSRBuilder(list, duplicates: .sum, parallel: parallel)
      self.graph = Projection(space: .plain(count), csr: isTwice ? try distinct.symmetric() : csr)
    }
    self.names = names
  }

  private static func hasDuplicates(_ csr: CSR, _ parallel: Parallel) -> Bool {
    parallel.map(rows: csr.rowCount) { rows in
      for row in rows {
        let entries = csr.row(row)
        for entry in entries.dropFirst() where csr.targets[entry] == csr.targets[entry - 1] { return true }
      }
      return false
    }.contains(true)
  }
}

/// Edges as a file names their ends.
struct RawEdges {
  var sources: [UInt64] = []
  var targets: [UInt64] = []
  var weights: [Float]?
  /// How many nodes the file says there are, if it does.
  var declaredCount: Int?
  /// The texts that ids stand for, in a file of keys.
  var texts: [String]?

  /// The ends as places from 0 on, how many nodes there are, and what they are called.
  func numbered() throws -> ((Buffer<UInt32>, Buffer<UInt32>), Int, EdgeFile.NodeNames) {
    let largest = max(sources.max() ?? 0, targets.max() ?? 0)
    let isEmpty = sources.isEmpty
    // Few holes: the ids are places already.
    let most = UInt64(max(1 << 16, 4 * sources.count))
    if let texts { return ((places(sources), places(targets)), texts.count, .texts(texts)) }
    if let declaredCount { return ((places(sources), places(targets)), declaredCount, .places) }
    if largest < most { return ((places(sources), places(targets)), isEmpty ? 0 : Int(largest) + 1, .places) }
    var all = sources + targets
    all.sort()
    var names: [UInt64] = []
    for id in all where id != names.last { names.append(id) }
    guard names.count <= Int(Int32.max) else { throw CommunityError.tooManyNodes(names.count) }
    func find(_ ids: [UInt64]) -> Buffer<UInt32> {
      Buffer<UInt32>(count: ids.count) { places in
        nonisolated(unsafe) let places = places
        Parallel.machine.forEach(rows: ids.count, atLeast: 4096) { rows in
          for row in rows {
            places[row] = UInt32(names.indices.partitionPoint { names[$0] < ids[row] })
          }
        }
      }
    }
    return ((find(sources), find(targets)), names.count, .numbers(names))
  }

  private func places(_ ids: [UInt64]) -> Buffer<UInt32> { Buffer(ids.lazy.map { UInt32($0) }) }
}

extension RawEdges {
  init(numpy path: String) throws {
    if path.hasSuffix(".u.npy") {
      let other = String(path.dropLast(".u.npy".count)) + ".v.npy"
      sources = try RawEdges.ids(try NumpyFile(path: path), path)
      targets = try RawEdges.ids(try NumpyFile(path: other), other)
      guard sources.count == targets.count else {
        throw CommunityError.unreadable(
          file: other, line: nil, reason: "it has \(targets.count) ends, \(path) has \(sources.count).")
      }
      return
    }
    let file = try NumpyFile(path: path)
    guard file.shape.count == 2, file.shape[1] == 2 || (file.shape[1] == 3 && file.type.hasPrefix("<f"))
    else {
      throw CommunityError.unreadable(
        file: path, line: nil,
        reason:
          "its shape is \(file.shape); an edge list has two columns of ids, or three of numbers with a weight."
      )
    }
    let width = file.shape[1]
    let cells = try RawEdges.ids(file, path, every: width)
    sources = stride(from: 0, to: cells.count, by: 2).map { cells[$0] }
    targets = stride(from: 1, to: cells.count, by: 2).map { cells[$0] }
    if width == 3 {
      let numbers = try file.buffer(of: Float.self)
      weights = stride(from: 2, to: numbers.count, by: 3).map { numbers[$0] }
    }
  }

  /// The ids in an array; of `every` numbers only the first two where they stand in rows of three.
  private static func ids(_ file: NumpyFile, _ path: String, every: Int = 1) throws -> [UInt64] {
    func whole(_ place: Int, _ value: some BinaryInteger) throws -> UInt64 {
      guard let id = UInt64(exactly: value) else {
        throw CommunityError.unreadable(
          file: path, line: nil, reason: "id \(value) at place \(place) is below 0.")
      }
      return id
    }
    switch file.type {
    case "<u4": return try file.buffer(of: UInt32.self).map { UInt64($0) }
    case "<u8": return try file.buffer(of: UInt64.self).map { $0 }
    case "<i4": return try file.buffer(of: Int32.self).enumerated().map { try whole($0, $1) }
    case "<i8": return try file.buffer(of: Int64.self).enumerated().map { try whole($0, $1) }
    default:
      return try file.buffer(of: Float.self).enumerated().compactMap { place, value in
        if every == 3, place % 3 == 2 { return nil }
        guard value >= 0, value == value.rounded(), value <= 16_777_216 else {
          throw CommunityError.unreadable(
            file: path, line: nil,
            reason: "\(value) at place \(place) is no id that 32-bit floats can tell apart.")
        }
        return UInt64(value)
      }
    }
  }
}
