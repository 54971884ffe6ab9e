// Several models of examples in one: a blend with fixed weights, or what validation prefers.
//
// Validation rows are the newest and few, and behaviour drifts, so weights that are fitted to them are not worth more than a
// fixed blend in which trees have the say and a straight line steadies them. `auto` only chooses: trees, the line, or both.

import Compute

extension ExampleTraining {
  /// One kind of model in a blend.
  struct Member {
    var part: ModelCard.Part
    let body: TrainedModel.Body
    /// What it said of the validation rows before it was fitted on them too.
    let validation: [Double]
  }

  /// Members of trainings on the same inputs that differ in kind and seed only: the same trees serve alone and in a blend.
  final class Shelf {
    private struct Place: Hashable {
      let kind: ModelKind
      let seed: UInt64
    }

    private var members: [Place: Member] = [:]

    func member(_ kind: ModelKind, _ seed: Seed, fit: () throws -> Member) rethrows -> Member {
      let place = Place(kind: kind, seed: seed.value)
      if let there = members[place] { return there }
      let fitted = try fit()
      members[place] = fitted
      return fitted
    }
  }

  /// Members with their weights, and how they came to be chosen.
  struct Blend {
    var members: [Member]
    var notes: [String] = []

    init(_ members: [Member]) { self.members = members }

    /// Trees, steadied by a straight line.
    init(_ trees: Member, _ line: Member) {
      members = [trees, line]
      members[0].part.weight = 0.7
      members[1].part.weight = 0.3
      members[1].part.file = "weights-2.safetensors"
    }

    var name: String {
      members.count > 1 ? "ensemble" : members[0].part.kind.rawValue
    }

    /// The weighted mean of what they said of the validation rows.
    var validation: [Double] {
      members[0].validation.indices.map { row in
        members.reduce(0) { $0 + $1.part.weight * $1.validation[row] }
      }
    }

    /// Of this and others the best on validation; this one where that has not both classes.
    func orBetter(_ others: [Blend], truth: [Bool]) -> Blend {
      let all = [self] + others
      var best = self
      let worths = all.compactMap { blend in
        (try? Ranking(scores: blend.validation, labels: truth)).map {
          ($0.areaUnderROC + $0.averagePrecision) / 2
        }
      }
      guard worths.count == all.count else {
        best.notes.append(
          "Validation rows hold one class or are missing, so nothing was chosen: \(name) was taken.")
        return best
      }
      // Of equals the first.
      let place = worths.indices.reduce(0) { worths[$1] > worths[$0] ? $1 : $0 }
      best = all[place]
      let told = zip(all, worths).map { "\($0.name) \(thousandths($1))" }.joined(separator: ", ")
      best.notes.append(
        "Tried, with the mean of AUROC and AUPRC on validation: \(told). Chosen by it: \(best.name).")
      return best
    }
  }
}
