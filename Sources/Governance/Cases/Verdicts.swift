import Compute
import Graph
import Store

/// What reviewers found of a node, and since when it is known.
public struct Verdict: Sendable, Equatable {
  public let key: NodeKey
  public let isRisky: Bool
  public let since: Timestamp
  public let caseNumber: Int
  /// Whether other reviewers answered otherwise.
  public let isDisputed: Bool
}

extension CaseBook {
  /// What decisions say of nodes, as far as it was known before an instant: one verdict a node, the latest. Golden cases
  /// teach nothing, and what was taken back by then counts for nothing.
  public func verdicts(before asOf: Timestamp? = nil) throws -> [Verdict] {
    var latest: [NodeKey: Verdict] = [:]
    for one in try cases().sorted(by: { $0.number < $1.number }) where one.golden == nil {
      let entries = one.entries.filter { entry in asOf.map { entry.at < $0 } ?? true }
      let standing = CaseStanding(entries)
      guard let verdict = standing.verdict else { continue }
      let isDisputed = entries.contains {
        $0.what == .objected
          || ($0.what == .opinion && $0.action?.verdict.map { $0 != verdict.isRisky } == true)
      }
      for (place, key) in one.members.enumerated() where !key.key.isEmpty {
        if let earlier = latest[key], earlier.since > verdict.since { continue }
        latest[key] = Verdict(
          key: key, isRisky: standing.verdict(on: place)?.isRisky ?? verdict.isRisky, since: verdict.since,
          caseNumber: one.number,
          isDisputed: isDisputed)
      }
    }
    return latest.values.sorted { $0.key < $1.key }
  }
}

extension MarketGraph {
  /// The same graph with reviewers' verdicts among the labels, each known from when it was decided. A label that says
  /// the same keeps its own, earlier time; one that says otherwise gives way.
  ///
  /// A type's first label bears them: 0 and 1 of a number or a flag, the two levels of a category in their order. Types
  /// without a label, or whose label does not say since when it is known, stay as they are. Costs a copy of the
  /// columns that change.
  public func with(_ verdicts: [Verdict]) -> MarketGraph {
    var tables = nodes
    for (type, own) in Dictionary(grouping: verdicts, by: \.key.type) {
      guard let table = nodes[type], let label = table.type.labels.first, let knownName = label.known else {
        continue
      }
      let known: [Int64]
      if case .time(let times)? = table.columns[knownName] {
        known = Array(times)
      } else {
        known = Array(repeating: Column.missingTime, count: table.count)
      }
      let found = own.compactMap { verdict in table.keys.node(verdict.key.key).map { ($0.index, verdict) } }
      guard let merged = table.merged(label.column, known, found) else { continue }
      var columns = table.columns
      columns[label.column] = merged.labels
      columns[knownName] = .time(Buffer(merged.known))
      tables[type] = NodeTable(type: table.type, keys: table.keys, columns: columns, times: table.times)
    }
    return MarketGraph(schema: schema, nodes: tables, relations: relations)
  }
}

extension NodeTable {
  fileprivate func merged(
    _ name: String, _ times: [Int64], _ verdicts: [(Int, Verdict)]
  ) -> (labels: Column, known: [Int64])? {
    var known = times
    func take<Value: Equatable>(_ value: Value, _ values: inout [Value], _ node: Int, _ verdict: Verdict) {
      let isSame = values[node] == value && times[node] != Column.missingTime
      values[node] = value
      known[node] = isSame ? min(times[node], verdict.since.seconds) : verdict.since.seconds
    }
    switch columns[name] {
    case .number(let numbers)?:
      var values = Array(numbers)
      for (node, verdict) in verdicts { take(verdict.isRisky ? 1 : 0, &values, node, verdict) }
      return (.number(Buffer(values)), known)
    case .category(let codes, let levels)?:
      let names = (0..<levels.count).map { levels[$0] }
      let order = names.indices.sorted { names[$0] < names[$1] }
      guard order.count == 2 else { return nil }
      var values = Array(codes)
      for (node, verdict) in verdicts { take(UInt32(order[verdict.isRisky ? 1 : 0]), &values, node, verdict) }
      return (.category(codes: Buffer(values), levels: levels), known)
    case nil:
      // The schema has the label, but nothing was ever known.
      var values = [Float](repeating: .nan, count: count)
      for (node, verdict) in verdicts { take(verdict.isRisky ? 1 : 0, &values, node, verdict) }
      return (.number(Buffer(values)), known)
    default: return nil
    }
  }
}
