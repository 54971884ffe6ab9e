import Compute
import Graph

/// What a network learns from: the nodes' features, the graph between them, and the classes that are known.
public struct NodeExamples: Sendable {
  /// A row for each node. Missing numbers were replaced before: every value is finite.
  public var features: Matrix
  /// nil for networks that see no graph.
  public var graph: NetworkGraph?
  /// For each node its class, from 0; −1 where nobody knows.
  public var classes: [Int]
  public var classCount: Int
  public var training: [Int]
  /// Empty: the last epoch is kept.
  public var validation: [Int]

  public init(
    features: Matrix, graph: NetworkGraph? = nil, classes: [Int], classCount: Int = 2, training: [Int],
    validation: [Int] = []
  ) {
    self.features = features
    self.graph = graph
    self.classes = classes
    self.classCount = classCount
    self.training = training
    self.validation = validation
  }

  public var nodeCount: Int { features.rows }

  /// Refuses what nothing can be learned from.
  func check() throws(LearningError) {
    guard classes.count == nodeCount else {
      throw .differentLengths(
        what: "rows of features", count: nodeCount, other: "classes", otherCount: classes.count)
    }
    if let graph, graph.nodeCount != nodeCount {
      throw .differentLengths(
        what: "rows of features", count: nodeCount, other: "nodes of the graph", otherCount: graph.nodeCount)
    }
    guard classCount >= 2 else {
      throw .outOfRange(what: "The number of classes", value: String(classCount), allowed: "at least 2")
    }
    guard !training.isEmpty else { throw .noRows(what: "labelled training rows") }
    for rows in [training, validation] {
      for row in rows {
        guard (0..<nodeCount).contains(row) else {
          throw .outOfRange(what: "A row of the split", value: String(row), allowed: "below \(nodeCount)")
        }
        guard (0..<classCount).contains(classes[row]) else {
          throw .outOfRange(
            what: "The class of row \(row)", value: String(classes[row]),
            allowed: "at least 0 and below \(classCount)")
        }
      }
    }
    let first = classes[training[0]]
    guard training.contains(where: { classes[$0] != first }) else {
      throw .oneClassOnly(what: "training rows", label: String(first), count: training.count)
    }
    try checkFeatures()
  }

  func checkFeatures() throws(LearningError) {
    let bad = features.withUnsafeBufferPointer { $0.firstIndex { !$0.isFinite } }
    if let bad { throw .notFinite(what: "features", row: bad / max(1, features.columns)) }
  }
}

/// The graph that a network sees: one relation, or several, between the same nodes.
public struct NetworkGraph: Sendable {
  public struct Relation: Sendable {
    public let name: String
    /// For each node those it hears from. Columns and rows are the same nodes.
    public let neighbours: SparseMatrix
    /// Whether every entry has its mirror image with the same weight.
    public let isSymmetric: Bool

    public init(name: String, neighbours: SparseMatrix, isSymmetric: Bool) {
      self.name = name
      self.neighbours = neighbours
      self.isSymmetric = isSymmetric
    }
  }

  public let relations: [Relation]

  /// Needs: at least one relation, all square and of the same size.
  public init(relations: [Relation]) {
    precondition(!relations.isEmpty, "a graph has at least one relation")
    let count = relations[0].neighbours.rows
    precondition(
      relations.allSatisfy { $0.neighbours.rows == count && $0.neighbours.columns == count },
      "relations between the same nodes")
    self.relations = relations
  }

  public init(_ projection: Projection) {
    let csr = projection.csr
    self.init(relations: [
      Relation(
        name: "neighbours",
        neighbours: SparseMatrix(
          columns: csr.targetCount, offsets: csr.offsets, targets: csr.targets, weights: csr.weights),
        isSymmetric: true)
    ])
  }

  public var nodeCount: Int { relations[0].neighbours.rows }

  /// All relations in one, each edge both ways with weight 1 for a neighbour, and nobody their own neighbour.
  var merged: SparseMatrix {
    if relations.count == 1, relations[0].isSymmetric { return relations[0].neighbours }
    var lists = [[UInt32]](repeating: [], count: nodeCount)
    for relation in relations {
      let matrix = relation.neighbours
      for row in 0..<matrix.rows {
        for entry in Int(matrix.offsets[row])..<Int(matrix.offsets[row + 1]) {
          lists[row].append(matrix.targets[entry])
          lists[Int(matrix.targets[entry])].append(UInt32(row))
        }
      }
    }
    var offsets: [UInt64] = [0]
    var targets: [UInt32] = []
    for (row, list) in lists.enumerated() {
      var last: UInt32?
      for target in list.sorted() where target != last && Int(target) != row {
        targets.append(target)
        last = target
      }
      offsets.append(UInt64(targets.count))
    }
    return SparseMatrix(columns: nodeCount, offsets: Buffer(offsets), targets: Buffer(targets))
  }
}
