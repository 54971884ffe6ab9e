import Communities
import Compute
import Foundation
import Graph

/// An edge list whose communities are sought, and what its nodes are called.
struct CommunitySource {
  let graph: Projection
  let name: (Int) -> String

  init(path: String, parallel: Parallel) throws {
    let file = try EdgeFile(path: path, parallel: parallel)
    graph = file.graph
    let names = file.names
    name = { names[$0] }
  }

  func write(_ partition: Partition, to path: String) throws {
    try partition.write(to: path, name: name)
  }

  /// An earlier partition of these nodes: a stored membership, or the communities of an earlier edge list.
  func earlier(_ path: String, method: CommunityMethod, settings: SearchSettings) throws -> Partition {
    if path.hasSuffix(".npy"), let file = try? NumpyFile(path: path), file.shape.count == 1,
      file.type == "<u4",
      !path.hasSuffix(".u.npy")
    {
      return Partition(try file.buffer(of: UInt32.self))
    }
    return try method.partition(
      of: EdgeFile(path: path, parallel: settings.parallel).graph, settings: settings)
  }
}

extension Partition {
  /// `.npy`: a number for each node, in the nodes' order; else a table of names and numbers.
  func write(to path: String, name: (Int) -> String) throws {
    if path.hasSuffix(".npy") {
      try NumpyFile.write(membership, to: path)
      return
    }
    var text = "node,community\n"
    for node in 0..<nodeCount { text += "\(csvCell(name(node))),\(self[node])\n" }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }
}

enum CommunityCommandError: Error, CustomStringConvertible {
  case noPath
  case methodOfAStore(String)
  case notOfSeveral(path: String)
  case notBipartite(method: String, path: String)
  case noTimes(relation: String)
  case blocksAsArray(String)
  case pathOfAList(String)
  case unknownCommunity(String, count: Int)
  case unknownStoredCommunity(String, runs: Int)
  case noneStored(path: String)
  case badSnapshot(String)
  case noRun(snapshot: Int, path: String, stored: [Int], current: Int)
  case badPicture(String)

  var description: String {
    switch self {
    case .noPath:
      "Nothing in this store's schema is shared by its nature: say who is tied by what, as in --on "
        + "'merchant-device|address-merchant'."
    case .methodOfAStore(let method):
      "--method \(method) is for a store: an edge list says neither what is shared nor when. Try --method leiden."
    case .notBipartite(let method, let path):
      "--method \(method) looks for blocks between two types of nodes: give a path like buyer-orders-product, not \(path)."
    case .noTimes(let relation):
      "--method lockstep needs to know when things happened, and \(relation) has no clock in the schema. Try "
        + "--method dense-blocks."
    case .blocksAsArray(let path):
      "\(path): blocks may overlap and leave nodes out, so they are no array of one number a node. Write a .csv."
    case .notOfSeveral(let path):
      "--method together needs nodes that share things, as in 'merchant|buyer-device|account-merchant|buyer'; \(path) "
        + "joins them directly."
    case .pathOfAList(let path):
      "--on \(path) is for a store; an edge list has one kind of edge. Leave it out."
    case .unknownCommunity(let name, let count):
      count == 0
        ? "There is no community \(name): the graph has none."
        : "There is no community \(name); they are C1 to C\(count)."
    case .unknownStoredCommunity(let name, let runs):
      "No community \(name) is stored here, in any of \(counted(runs, "run")). riskgraph communities STORE lists those "
        + "of today."
    case .noneStored(let path):
      "No communities are stored here yet. riskgraph communities \(path) finds them and keeps them."
    case .badSnapshot(let text):
      "--against \"\(text)\" is no snapshot: give its number, as in --against 3. (An earlier edge list is compared with an "
        + "edge list, not with a store.)"
    case .noRun(let snapshot, let path, let stored, let current):
      "No communities of snapshot \(snapshot) are stored for \(path); "
        + (stored.isEmpty
          ? "there are none of any snapshot"
          : "there are of \(stored.map(String.init).joined(separator: ", "))")
        + ". A snapshot's communities can be found while it is the current one, and now that is \(current): run riskgraph "
        + "communities after each import, and they are kept."
    case .badPicture(let path): "\(path) should end in .svg, .gexf or .graphml."
    }
  }
}
