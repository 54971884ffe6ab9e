import Compute
import Graph
import Testing

@Suite("Graphs by recipe")
struct RandomGraphTests {
  @Test("R-MAT has each pair once, no loops, skewed degrees, and is the same on any number of threads")
  func rmat() {
    let graph = EdgeList.rmat(scale: 10, parallel: Parallel(threads: 1))
    let pairs = zip(graph.sources, graph.targets).map { [$0, $1] }
    #expect(Set(pairs).count == pairs.count)
    #expect(pairs.allSatisfy { $0[0] < $0[1] && $0[1] < 1024 })
    var degrees = [Int](repeating: 0, count: 1024)
    for pair in pairs { for end in pair { degrees[Int(end)] += 1 } }
    #expect(degrees.max()! > 8 * 2 * pairs.count / 1024)
    let again = EdgeList.rmat(scale: 10, parallel: Parallel(threads: 4))
    #expect(again.sources == graph.sources && again.targets == graph.targets)
    #expect(EdgeList.rmat(scale: 10, seed: Seed(2)).sources != graph.sources)
  }

  @Test("a planted partition keeps its mixing and its mean degree")
  func planted() {
    let (graph, communities) = EdgeList.planted(nodes: 20_000, mixing: 0.3)
    let within = zip(graph.sources, graph.targets).filter { communities[Int($0)] == communities[Int($1)] }
      .count
    let share = Double(graph.count - within) / Double(graph.count)
    // Multiple edges within small communities are dropped, so a little more than the mixing is left across.
    #expect(share > 0.29 && share < 0.42)
    let mean = 2 * Double(graph.count) / 20_000
    #expect(mean > 14 && mean < 20.5)
  }
}
