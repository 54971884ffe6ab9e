import Compute
import Foundation
import Graph

extension NodeTable {
  /// A column as numbers, row by row; a missing cell is NaN.
  package func cells(
    of wanted: GraphFeature.OwnColumn, asOf: Timestamp?
  ) throws(FeatureError) -> @Sendable (Int) -> Float {
    func column(_ name: String) throws(FeatureError) -> Column {
      guard let column = columns[name] else {
        throw .otherSchema(feature: wanted.words, reason: "\(type.name) has no column \"\(name)\"")
      }
      return column
    }
    func otherKind(_ name: String) -> FeatureError {
      .otherSchema(feature: wanted.words, reason: "\(type.name)'s column \"\(name)\" is of another kind now")
    }
    switch wanted {
    case .number(let name):
      guard case .number(let values) = try column(name) else { throw otherKind(name) }
      return { values[$0].isFinite ? values[$0] : .nan }
    case .daysSince(let name):
      guard case .time(let values) = try column(name) else { throw otherKind(name) }
      let now = asOf?.seconds ?? values.max() ?? 0
      return { row in
        let time = values[row]
        // A time that lies after the as-of time was not known then.
        let isKnown = time != Column.missingTime && time <= now
        return isKnown ? Float(Double(now - time) / 86_400) : .nan
      }
    case .level(let name, let level):
      guard case .category(let codes, let levels) = try column(name) else { throw otherKind(name) }
      let code = (0..<levels.count).first { levels[$0] == level }.map { UInt32($0) }
      return { codes[$0] == Column.missingCode ? .nan : codes[$0] == code ? 1 : 0 }
    case .degree: preconditionFailure("a degree stands in the graph, not in a table")
    }
  }

  /// The columns that can be learned from as numbers: not the key, the clocks, the labels or what is excluded. Of a category
  /// its most frequent levels; times become ages where there is an as-of time.
  package func learnable(excluding: Set<String>, mostLevels: Int, withTimes: Bool) -> [GraphFeature.OwnColumn]
  {
    let barred = excluding.union(type.labels.flatMap { [$0.column, $0.known].compactMap { $0 } })
      .union([type.key])
    return columns.keys.sorted(by: naturally).filter { !barred.contains($0) }.flatMap {
      name -> [GraphFeature.OwnColumn] in
      switch columns[name]! {
      case .number: [.number(name)]
      case .time: withTimes ? [.daysSince(name)] : []
      case .text: []
      case .category(let codes, let levels):
        mostFrequent(codes, levels, most: mostLevels).map { .level(name, $0) }
      }
    }
  }

  private func mostFrequent(_ codes: Buffer<UInt32>, _ levels: TextArray, most: Int) -> [String] {
    var counts = [Int](repeating: 0, count: levels.count)
    for code in codes where code != Column.missingCode { counts[Int(code)] += 1 }
    let order = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
    return order.prefix(most).map { levels[$0] }
  }
}

/// `f2` before `f10`.
private func naturally(_ a: String, _ b: String) -> Bool {
  let order = a.compare(b, options: [.numeric])
  return order == .orderedSame ? a < b : order == .orderedAscending
}

func logOnePlus(_ count: Int) -> Float { Float(log1p(Double(count))) }

extension Step {
  var reversed: Step { Step(relation, direction == .out ? .into : .out) }
}
