import Communities
import Foundation
import Graph
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("A community's picture") struct PictureTests {
  let picture = CommunityPicture(
    title: "Ring <A> & \"B\"",
    nodes: (0..<6).map {
      .init(name: "m\($0)<\u{1}", type: $0 < 3 ? "merchant" : "device", risk: $0 == 0 ? 0.9 : nil)
    },
    graph: twoTriangles)

  @Test("is well-formed XML in every format, whatever names hold")
  func wellFormed() {
    for text in [picture.svg(), picture.gexf(), picture.graphML()] {
      #expect(XMLParser(data: Data(text.utf8)).parse())
      #expect(!text.contains("NaN") && !text.contains("nan"))
    }
  }

  @Test("draws each edge and each node once")
  func counts() {
    #expect(picture.svg().components(separatedBy: "<line ").count - 1 == 7)
    #expect(picture.gexf().components(separatedBy: "<node id").count - 1 == 6)
    #expect(picture.graphML().components(separatedBy: "<edge ").count - 1 == 7)
  }

  @Test("lays tied nodes nearer than others")
  func layout() {
    let (graph, _) = plantedGraph(groups: 4, size: 15, inside: 0.6, outside: 0.01, seed: 6)
    let points = forceLayout(of: graph)
    #expect(points == forceLayout(of: graph))
    var (near, far) = ((0.0, 0), (0.0, 0))
    for a in 0..<60 {
      for b in 0..<a {
        let distance = hypot(points[a].x - points[b].x, points[a].y - points[b].y)
        if a / 15 == b / 15 {
          near = (near.0 + distance, near.1 + 1)
        } else {
          far = (far.0 + distance, far.1 + 1)
        }
      }
    }
    #expect(near.0 / Double(near.1) * 2 < far.0 / Double(far.1))
    #expect(points.allSatisfy { (0...1).contains($0.x) && (0...1).contains($0.y) })
  }

  @Test("of nothing, of one node, and of nodes without ties can be drawn")
  func small() {
    for count in 0...3 {
      let graph = plainGraph(count, [])
      let picture = CommunityPicture(
        title: "", nodes: (0..<count).map { .init(name: "\($0)") }, graph: graph)
      #expect(XMLParser(data: Data(picture.svg().utf8)).parse())
    }
  }
}
