import Features
import Graph

extension NodeTask {
  /// What a stored model may see when it scores: for a ready split the training labels, else all known by then.
  public static func sight(of card: ModelCard, _ graph: MarketGraph, asOf: Timestamp?) throws -> Sight {
    if let split = card.split {
      let task = try NodeTask.split(graph, target: card.target, label: card.label, by: split, asOf: asOf)
      return task.sights[0]
    }
    let view = VisibleGraph(graph, asOf: asOf)
    if card.examples != nil {
      // Its columns find the known labels themselves.
      let unknown = [Int32](repeating: KnownLabels.unknown, count: try view.nodes(of: card.target).count)
      return Sight(view: view, labels: KnownLabels(type: card.target, classes: unknown, classCount: 2))
    }
    let labels = try NodeLabels(try view.nodes(of: card.target), column: card.label)
    return Sight(view: view, labels: labels.knownLabels(before: asOf))
  }
}
