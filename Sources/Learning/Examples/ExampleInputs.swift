import Compute
import Features
import Graph

/// Examples with their columns: computed once, for all models that learn from them.
///
///     let inputs = try ExampleTraining().inputs(of: examples, in: events)
///     let (trees, plain) = (try ExampleTraining(.trees).fit(inputs), try ExampleTraining(.logistic).fit(inputs))
public struct ExampleInputs: Sendable {
  public let examples: ExampleTable
  public let events: EventGraph
  /// Those that say anything on the training rows.
  public let columns: ExampleColumns
  /// A row for each example of the table, those for test as well.
  public let matrix: Matrix
  let training: [Int]
  let validation: [Int]

  func rows(_ places: [Int]) -> LabelledRows {
    LabelledRows(
      columns: matrix.rows(at: places), classes: places.map { Int(examples.labels[$0]) },
      weights: examples.weights.map { all in places.map { all[$0] } })
  }
}

extension ExampleTraining {
  /// The columns that this training looks at, of all examples. Neither the kind nor the seed has a say in them.
  ///
  /// Needs: a split that has training rows.
  public func inputs(
    of examples: ExampleTable, in events: EventGraph, parallel: Parallel = .machine,
    progress: ProgressSink = .silent, stop: StopRequest? = nil
  ) throws -> ExampleInputs {
    let training = examples.places(.train)
    guard !training.isEmpty else {
      throw ExampleError.noRows(
        split: "training", reason: "the table is split, but has none of that name")
    }
    let wanted = try ExampleColumns(
      for: examples, in: events, choice: choice, parts: parts, label: label, hops: hops)
    try stop?.check()
    let all = try wanted.matrix(for: examples, in: events, parallel: parallel, progress: progress)
    let (columns, kept) = wanted.pruned(on: all, rows: training)
    guard !kept.isEmpty else { throw FeatureError.nothingToCompute(type: examples.target) }
    return ExampleInputs(
      examples: examples, events: events, columns: columns, matrix: all.columns(at: kept),
      training: training, validation: examples.places(.validation))
  }
}
