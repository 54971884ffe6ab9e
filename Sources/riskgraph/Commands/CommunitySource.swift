import Communities
import Compute
import Foundation
import Graph
import Store

/// The graph that communities are sought in, wherever it came from, and what its nodes are called.
struct CommunitySource {
  let graph: Projection
  let name: (Int) -> String
  let type: String
  /// What members share, where the graph came from a store.
  let shared: SharedInstruments?
  let instrumentName: @Sendable (Int, Int) -> String

  init(path: String, on: String?, asOf: String?, largestShared: Int, parallel: Parallel) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
      let file = try EdgeFile(path: path, parallel: parallel)
      graph = file.graph
      let names = file.names
      name = { names[$0] }
      type = "node"
      shared = nil
      instrumentName = { "\($1)" }
      return
    }
    let market = try Store.open(at: path).graph()
    let (member, instruments) = try CommunitySource.ends(of: on)
    let moment = try asOf.map { text in
      guard let moment = Timestamp(text) else { throw CommunityCommandError.badTime(text) }
      return moment
    }
    let shared = try SharedInstruments(of: member, through: instruments, in: market, asOf: moment)
    graph = try shared.projection(type: member, largestInstrument: largestShared, parallel: parallel)
    let keys = market.nodes[member]!.keys
    name = { "\(member):\(keys.key(NodeID(UInt32($0))))" }
    type = member
    self.shared = shared
    let tables = instruments.map { market.nodes[$0]!.keys }
    instrumentName = { tables[$0].key(NodeID(UInt32($1))) }
  }

  /// `merchant-device|address-merchant`: the type at both ends, and what stands between.
  private static func ends(of text: String?) throws -> (String, [String]) {
    guard let text else { throw CommunityCommandError.noPath }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, parts[0] == parts[2], !parts[0].isEmpty else {
      throw CommunityCommandError.badPath(text)
    }
    let things = parts[1].split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    guard things.allSatisfy({ !$0.isEmpty }) else { throw CommunityCommandError.badPath(text) }
    return (parts[0], things)
  }

  func write(_ partition: Partition, to path: String) throws {
    if path.hasSuffix(".npy") {
      try NumpyFile.write(partition.membership, to: path)
      return
    }
    var text = "node,community\n"
    for node in 0..<partition.nodeCount {
      let name = name(node)
      let isPlain = !name.contains { $0 == "," || $0 == "\"" || $0.isNewline }
      text += isPlain ? name : "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\""
      text += ",\(partition[node])\n"
    }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
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

enum CommunityCommandError: Error, CustomStringConvertible {
  case noPath
  case badPath(String)
  case badTime(String)
  case unknownCommunity(String, count: Int)
  case badPicture(String)

  var description: String {
    switch self {
    case .noPath:
      "A store has many relations: say who is tied by what, as in --on 'merchant-device|address-merchant'. "
        + "(Was an edge list meant? There is no file of that name.)"
    case .badPath(let text):
      "--on \"\(text)\" should be a type, what is shared, and the type again: merchant-device|address-merchant."
    case .badTime(let text):
      "--as-of \"\(text)\" is no time; write it like 2026-03-01 or 2026-03-01T08:30:00Z."
    case .unknownCommunity(let name, let count): "There is no community \(name); they are C1 to C\(count)."
    case .badPicture(let path): "\(path) should end in .svg, .gexf or .graphml."
    }
  }
}
