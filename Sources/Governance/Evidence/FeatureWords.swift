import Features
import Graph

extension GraphFeature {
  /// The same number in the language of conditions, where it has one.
  func measureText(from type: String, in schema: Schema) -> String? {
    func name(_ text: String) -> String {
      "`\(text.replacing("\\", with: "\\\\").replacing("`", with: "\\`"))`"
    }
    func path(_ step: Step) -> String? {
      guard let relation = schema.relation(step.relation) else { return nil }
      let plain = step.relation.split(separator: ".", omittingEmptySubsequences: false).map {
        name(String($0))
      }
      .joined(separator: ".")
      return relation.from == relation.to && relation.isDirected
        ? "\(plain).\(step.direction.rawValue)" : plain
    }
    switch self {
    case .own(.number(let column)): return name(column)
    case .own(.daysSince(let column)): return "age(\(name(column)))"
    case .own(.degree(let step)): return path(step).map { "count(\($0))" }
    case .neighbours(let steps, let statistic, .number(let column)) where steps.count == 1:
      guard let inside = path(steps[0]), ["mean", "max", "min"].contains(statistic.rawValue) else {
        return nil
      }
      return "\(statistic.rawValue)(\(inside).other.\(name(column)))"
    default: return nil
    }
  }

  /// Whether its number and its measure are the same: a degree is stored as a logarithm, an age in days, and means of
  /// columns are taken over neighbours, not edges.
  var isAge: Bool {
    if case .own(.daysSince) = self { return true }
    return false
  }
}
