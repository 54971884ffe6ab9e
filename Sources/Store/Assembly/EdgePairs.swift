import Graph

/// The pairs of ends that a relation has already, where its schema refuses a pair twice.
///
/// Eight bytes and a little more an edge; made only for relations that need it.
struct EdgePairs {
  private let isDirected: Bool
  private var pairs: Set<UInt64> = []

  init(of relation: Relation?, type: RelationType) {
    isDirected = type.isDirected
    guard let relation else { return }
    for layer in [relation.out.snapshot, relation.out.appended].compactMap({ $0 }) {
      for row in 0..<layer.rowCount {
        for entry in layer.row(row) { insert(UInt32(row), layer.targets[entry]) }
      }
    }
  }

  /// False where the pair is there already.
  @discardableResult
  mutating func insert(_ from: UInt32, _ to: UInt32) -> Bool { pairs.insert(code(from, to)).inserted }

  func contains(_ from: UInt32, _ to: UInt32) -> Bool { pairs.contains(code(from, to)) }

  private func code(_ from: UInt32, _ to: UInt32) -> UInt64 {
    let (a, b) = isDirected || from < to ? (from, to) : (to, from)
    return UInt64(a) << 32 | UInt64(b)
  }
}
