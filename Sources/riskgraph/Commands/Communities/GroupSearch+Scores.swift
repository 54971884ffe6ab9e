import Communities
import Compute
import Graph
import Learning

extension GroupSearch {
  /// What the promoted models of the members' types say of each member, and which models those are.
  struct MemberScores {
    /// From 0 to 1, by a node's place in the space; NaN where no model speaks. Empty without any model.
    var values: [Double] = []
    var models: [String] = []
    var says: [String] = []

    var json: JSON { JSON(models) }
  }

  /// A model that learned from what was known later than these groups may see is left out, and that is said.
  func memberScores() throws -> MemberScores {
    var found = MemberScores()
    if input[options.withoutScores] { return found }
    for part in space.parts {
      guard let promoted = models.promotion(of: part.type) else { continue }
      let model = try models.load(target: part.type, name: promoted.name, version: promoted.version)
      let name = "\(part.type)/\(promoted.name), version \(promoted.version)"
      guard model.card.classNames.count <= 2 else { continue }
      if let asOf = input[options.asOf], let trained = model.card.asOf.flatMap({ Timestamp($0) }),
        trained > asOf
      {
        found.says.append(
          "The model \(name), learned from what was known before \(trained): its scores would know too much here."
        )
        continue
      }
      let sight = try NodeTask.sight(of: model.card, view.graph, asOf: input[options.asOf])
      let scores = try model.scores(sight, progress: session.progress)
      if found.values.isEmpty { found.values = [Double](repeating: .nan, count: space.count) }
      for node in 0..<min(part.count, scores.count) { found.values[part.start + node] = scores[node] }
      found.models.append(name)
    }
    if !found.models.isEmpty {
      found.says.append("Members are scored by \(found.models.joined(separator: " and ")).")
    }
    return found
  }
}
