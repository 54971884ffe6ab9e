import Communities
import Compute
import Testing

@Suite("A partition") struct PartitionTests {
  @Test("is numbered by first members, whatever its labels were")
  func canonical() {
    let partition = Partition([9, 9, 4, 9, 0])
    #expect(Array(partition.membership) == [0, 0, 1, 0, 2])
    #expect(partition == Partition([1, 1, 7, 1, 3]))
    #expect(partition.fingerprint == Partition([1, 1, 7, 1, 3]).fingerprint)
    #expect(partition != Partition([1, 1, 7, 7, 3]))
    #expect(partition.sizes() == [3, 1, 1])
    #expect(partition.members().map(Array.init) == [[0, 1, 3], [2], [4]])
  }

  @Test("of nothing is a partition")
  func empty() {
    #expect(Partition([]).communityCount == 0)
    #expect(Partition([]) == .singletons(0))
  }
}

@Suite("Modularity") struct ModularityTests {
  @Test("of two triangles is 5/14")
  func triangles() {
    #expect(abs(modularity(of: Partition([0, 0, 0, 1, 1, 1]), in: twoTriangles) - 5.0 / 14) < 1e-12)
    #expect(abs(modularity(of: Partition([0, 0, 0, 0, 0, 0]), in: twoTriangles)) < 1e-12)
  }

  @Test("is the sum over all pairs of the definition")
  func definition() {
    var numbers = Seed(5).generator(for: "labels")
    let graph = blurredGraph(nodes: 40, edges: 120, seed: 5, weighted: true)
    let partition = Partition((0..<40).map { _ in UInt32.random(in: 0..<5, using: &numbers) })
    var a = [[Double]](repeating: [Double](repeating: 0, count: 40), count: 40)
    for row in 0..<40 {
      for entry in graph.csr.row(row) {
        a[row][Int(graph.csr.targets[entry])] = Double(graph.csr.weight(entry))
      }
    }
    let degrees = a.map { $0.reduce(0, +) }
    let total = degrees.reduce(0, +)
    var expected = 0.0
    for i in 0..<40 {
      for j in 0..<40 where partition[i] == partition[j] {
        expected += (a[i][j] - 0.7 * degrees[i] * degrees[j] / total) / total
      }
    }
    #expect(abs(modularity(of: partition, in: graph, resolution: 0.7) - expected) < 1e-12)
  }
}
