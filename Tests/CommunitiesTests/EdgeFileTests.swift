import Communities
import Compute
import Foundation
import Graph
import Testing

@Suite("Edge files") struct EdgeFileTests {
  private func file(_ name: String, _ text: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("edges-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appendingPathComponent(name).path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func rows(_ graph: Projection) -> [[UInt32]] {
    (0..<graph.nodeCount).map { graph.csr.row($0).map { graph.csr.targets[$0] } }
  }

  @Test("of numbers, of keys, with names and weights, are read")
  func csv() throws {
    #expect(rows(try EdgeFile(path: file("a.csv", "0,1\n1,2\n")).graph) == [[1], [0, 2], [1]])
    let keyed = try EdgeFile(path: file("b.csv", "from,to,weight\nanna,\"ben, jr\",2\r\nben,anna,0.5\n"))
    #expect(keyed.graph.nodeCount == 3 && keyed.names[1] == "ben, jr")
    #expect(keyed.graph.csr.weight(keyed.graph.csr.row(1).lowerBound) == 2)
  }

  @Test("a first line between keys that bears a number is an edge, not a heading")
  func firstEdge() throws {
    let keyed = try EdgeFile(path: file("c.csv", "a,b,2\nb,c,3\n"))
    #expect(keyed.graph.nodeCount == 3 && keyed.graph.csr.entryCount == 4)
    let negative = try EdgeFile(path: file("d.csv", "a,b,-1\n")).graph
    #expect(throws: CommunityError.self) { try Leiden().partition(of: negative) }
  }

  @Test("ids up to 2^32 and holes are numbered anew, and keep their names")
  func holes() throws {
    let edges = try EdgeFile(path: file("a.txt", "4294967296 7\n7 4000000000\n"))
    #expect(rows(edges.graph) == [[1, 2], [0], [0]])
    #expect([0, 1, 2].map { edges.names[$0] } == ["7", "4000000000", "4294967296"])
  }

  @Test("an edge named from both ends counts once with both weights")
  func twice() throws {
    let graph = try EdgeFile(path: file("a.csv", "0,1\n1,0\n1,2\n")).graph
    #expect(rows(graph) == [[1], [0, 2], [1]] && graph.csr.weight(0) == 2)
  }

  @Test("Matrix Market is read, with the nodes that have no edge")
  func matrixMarket() throws {
    let text = "%%MatrixMarket matrix coordinate pattern symmetric\n% a remark\n4 4 2\n2 1\n3 2\n"
    #expect(rows(try EdgeFile(path: file("a.mtx", text)).graph) == [[1], [0, 2], [1], []])
  }

  @Test("numpy's arrays of pairs are read")
  func numpy() throws {
    let path = try file("a.npy", "")
    try NumpyFile.write(Buffer<Int64>([0, 1, 1, 2]), columns: 2, to: path)
    #expect(rows(try EdgeFile(path: path).graph) == [[1], [0, 2], [1]])
  }

  @Test(
    "what cannot be read is refused with its line",
    arguments: [
      ("a.csv", "0,1\n5\n", "line 2: an edge needs two ends"),
      ("a.csv", "0,1,2\n1,2,x\n", "line 2: the edges before"),
      ("a.mtx", "1 2\n", "should begin"),
      (
        "a.mtx", "%%MatrixMarket matrix coordinate pattern general\n2 2 1\n3 1\n",
        "line 3: an entry is two places"
      ),
      ("a.pdf", "", "ends in .npy"),
    ])
  func refused(_ name: String, _ text: String, _ message: String) throws {
    let path = try file(name, text)
    #expect { try EdgeFile(path: path) } throws: { "\($0)".contains(message) }
  }

  @Test("an empty file is an empty graph")
  func empty() throws { #expect(try EdgeFile(path: file("a.csv", "")).graph.nodeCount == 0) }
}
