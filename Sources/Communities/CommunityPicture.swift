import Compute
import Foundation
import Graph

/// A small graph as it is drawn and exported: nodes with a name, a type and perhaps a risk, and the edges.
public struct CommunityPicture: Sendable {
  public struct Node: Sendable, Equatable {
    public var name: String
    public var type: String
    /// From 0 to 1; nil where nobody knows.
    public var risk: Double?
    /// What it is, for who wants more.
    public var remark: String?

    public init(name: String, type: String = "node", risk: Double? = nil, remark: String? = nil) {
      self.name = name
      self.type = type
      self.risk = risk
      self.remark = remark
    }
  }

  public var title: String
  public var nodes: [Node]
  public var graph: Projection

  /// Needs: a node for each of the graph's.
  public init(title: String, nodes: [Node], graph: Projection) {
    precondition(nodes.count == graph.nodeCount, "a description for each node")
    self.title = title
    self.nodes = nodes
    self.graph = graph
  }

  /// The graph among some nodes of a larger one, in the order given; the largest degrees first where `limit` cuts.
  public init(
    title: String, of members: some Collection<UInt32>, in graph: Projection, limit: Int = 300,
    node: (Int) -> Node
  ) {
    var kept = Array(members)
    if kept.count > limit {
      kept.sort { (-graph.csr.degree(Int($0)), $0) < (-graph.csr.degree(Int($1)), $1) }
      kept = kept.prefix(limit).sorted()
    }
    var place: [UInt32: UInt32] = [:]
    for (index, member) in kept.enumerated() { place[member] = UInt32(index) }
    var offsets: [UInt64] = [0]
    var targets: [UInt32] = []
    var weights: [Float] = []
    for member in kept {
      var row: [(target: UInt32, weight: Float)] = []
      for entry in graph.csr.row(Int(member)) {
        if let target = place[graph.csr.targets[entry]] { row.append((target, graph.csr.weight(entry))) }
      }
      row.sort { $0.target < $1.target }
      targets += row.map(\.target)
      weights += row.map(\.weight)
      offsets.append(UInt64(targets.count))
    }
    let csr = CSR(
      targetCount: kept.count, offsets: Buffer(offsets), targets: Buffer(targets), weights: Buffer(weights))
    self.init(
      title: title, nodes: kept.map { node(Int($0)) }, graph: Projection(space: .plain(kept.count), csr: csr))
  }

  /// Each edge once: the smaller place first.
  public var edges: [(source: Int, target: Int, weight: Float)] {
    (0..<graph.nodeCount).flatMap { row in
      graph.csr.row(row).compactMap { entry in
        let target = Int(graph.csr.targets[entry])
        return target > row ? (row, target, graph.csr.weight(entry)) : nil
      }
    }
  }
}

/// Text as XML may hold it: markup written out, what no XML document may contain left out, and what turns the direction of
/// reading, or is nowhere seen, spelled out as `\u{202E}`.
func xmlText(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "\t", "\n": result += " "
    default:
      guard scalar.value >= 32, !(0xFFFE...0xFFFF).contains(scalar.value) else { continue }
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator,
        .format where scalar.value != 0x200D:
        result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
  return result
}
