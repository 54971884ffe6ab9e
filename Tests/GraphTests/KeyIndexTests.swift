import Compute
import Graph
import Testing

@Suite("Keys")
struct KeyIndexTests {
  @Test("every key finds its node, and no other text finds one")
  func finds() throws {
    let plain = (0..<5000).map { "merchant-\($0 * 7919 % 100_003)" }
    let keys = plain + ["", "é", "e\u{301}", "a:b", "\u{0}", "🛍️"]
    let index = try KeyIndex(texts: TextArray(keys))
    for (node, key) in keys.enumerated() {
      #expect(index.node(key) == NodeID(UInt32(node)))
      #expect(Array(index.key(NodeID(UInt32(node))).utf8) == Array(key.utf8))
    }
    for other in ["merchant-", "merchant-100003", "E", "\u{0}\u{0}", "a:B"] {
      #expect(index.node(other) == nil)
    }
  }

  @Test("a key that stands twice is refused by name")
  func duplicate() {
    #expect(throws: GraphError.duplicateKey(key: "b")) {
      try KeyIndex(texts: TextArray(["a", "b", "c", "b"]))
    }
  }

  @Test("no keys, no nodes")
  func empty() throws {
    #expect(try KeyIndex(texts: TextArray([])).node("a") == nil)
  }
}
