import Arguments
import Compute
import Features
import Graph
import Learning

/// What `train` and `compare` learn from where they are given --examples.
struct LearnedExamples {
  let path: String
  let file: String
  /// The type that is asked about; nil: the one that the table's column of keys names.
  let target: String?
  let label: String?
  let parts: [String]
  let choice: String?
  let gap: String?
  let hops: Int?
  let seed: Int

  struct Read {
    let graph: MarketGraph
    let events: EventGraph
    /// Split, with rows for validation.
    let table: ExampleTable
  }

  func read(in session: Session) throws -> Read {
    let graph = try TaskInput.graph(path)
    let (target, rows) = try ExampleFile.read(file, target: target, types: graph.schema.nodeTypes.map(\.name))
    let events = try EventGraph(graph, target: target, label: label, parallel: session.parallel)
    let table = try rows.checked(target: target, in: events)
    guard table.hasLabels else { throw ExampleError.unlabelled(file: file) }
    let span = gap.flatMap { TimeSpan($0) }?.seconds ?? 0
    return Read(
      graph: graph, events: events,
      table: table.splits == nil
        ? table.split(.init(gapSeconds: span)) : table.withValidation(gapSeconds: span))
  }

  func training(_ kind: ModelKind) throws -> ExampleTraining {
    ExampleTraining(
      kind, parts: ExampleParameters.parts(parts), choice: try ExampleParameters.readChoice(choice),
      label: label, hops: hops ?? 2, seed: Seed(UInt64(bitPattern: Int64(seed))), code: RiskGraph.version)
  }
}
