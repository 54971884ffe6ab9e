// Leaks that are in the rows rather than in their columns: in edges, in times, in who stands where.

import Compute
import Features
import Graph

extension NodeTask {
  /// A neighbour that a fifth of the positive rows have and hardly anybody else: an edge drawn because of the label.
  ///
  /// A ring's own device has a few of the positives; one that marks them has many.
  func tellingNeighbours() throws -> [Leak] {
    guard let last = training.last else { return [] }
    let view = sights[last.sight].view
    let isRisky = labels.classes.indices.map {
      labels.classes[$0] > 0 && labels.isKnown($0, before: asOf)
    }
    let rows = Set(training.flatMap(\.nodes)).sorted()
    let positives = rows.count { isRisky[$0] }
    guard positives >= 30, positives * 10 < rows.count * 6 else { return [] }
    var found: [Leak] = []
    for step in view.steps(from: target) {
      let end = try view.ends(of: step).to
      let csr = try view.neighbours(step)
      var counts = [(all: Int32, risky: Int32)](repeating: (0, 0), count: csr.targetCount)
      for node in rows where node < csr.rowCount {
        var last: UInt32?
        for entry in csr.row(node) where csr.targets[entry] != last {
          last = csr.targets[entry]
          counts[Int(last!)].all += 1
          if isRisky[node] { counts[Int(last!)].risky += 1 }
        }
      }
      let telling = counts.indices.filter {
        Int(counts[$0].risky) * 5 >= positives && Int(counts[$0].risky) * 50 >= Int(counts[$0].all) * 49
      }
      guard let worst = telling.max(by: { counts[$0].risky < counts[$1].risky }) else { continue }
      let key = try view.nodes(of: end).keys.key(NodeID(UInt32(worst)))
      found.append(
        Leak(
          .edge, .severe,
          "\(counts[worst].risky) of \(positives) positive rows, and \(counts[worst].all - counts[worst].risky) others, "
            + "have an edge by \(step.words) to \(end):\(key): is that edge drawn because of the label?"))
    }
    return found
  }

  /// What lies after the as-of time and was left out, and what has no time and so cannot be.
  func remarksOnTime() throws -> [Leak] {
    guard let view = sights.last?.view, let end = asOf ?? view.asOf else { return [] }
    var found: [Leak] = []
    var newer: [(name: String, count: Int)] = []
    for (name, relation) in view.graph.relations.sorted(by: { $0.key < $1.key }) {
      let layers = [relation.out.snapshot, relation.out.appended].compactMap { $0 }
      let isTimed = layers.contains { $0.times != nil }
      guard isTimed else {
        if layers.contains(where: { $0.entryCount > 0 }), !relation.type.isLink {
          found.append(
            Leak(
              .time, .remark,
              "\(name) has no times: edges drawn after \(end) cannot be told from earlier ones."))
        }
        continue
      }
      let later = layers.reduce(0) { sum, layer in
        sum + (layer.times?.lazy.filter { $0 >= end.seconds }.count ?? 0)
      }
      if later > 0 { newer.append((name, later)) }
    }
    if !newer.isEmpty { found.append(Leak(.time, .remark, NodeTask.newerEdges(newer, end))) }
    if let known = labels.known {
      let later = labels.classes.indices.lazy.filter {
        labels.classes[$0] >= 0 && known[$0] != Column.missingTime && known[$0] >= end.seconds
      }.count
      if later > 0 {
        found.append(
          Leak(
            .time, .remark,
            "\(grouped(later)) labels of \(target) were known only from \(end) on: neither rows nor neighbours' columns have them."
          ))
      }
    } else if split == nil {
      found.append(
        Leak(
          .time, .suspicion,
          "the schema does not say when \(labels.column) became known: a neighbour's label may be newer than what it helps to tell."
        ))
    }
    return found
  }

  /// One sentence, the most of a relation first.
  static func newerEdges(_ newer: [(name: String, count: Int)], _ end: Timestamp) -> String {
    let most = newer.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
      .prefix(3).map { "\(grouped($0.element.count)) of \($0.element.name)" }
    let all = newer.reduce(0) { $0 + $1.count }
    let named =
      newer.count == 1
      ? "edges of \(newer[0].name)"
      : "edges of \(newer.count) relations (\(most.joined(separator: ", "))\(newer.count > 3 ? ", …" : ""))"
    return "\(grouped(all)) \(named) are newer than \(end): they were left out."
  }

  /// The same entity in training and in what is judged: equal in all own columns though chance hardly makes two such
  /// rows, or in a text that nearly every node has for itself.
  func twins(of set: FeatureSet, columns: [SightColumns]) throws -> [Leak] {
    let own = set.features.indices.filter { !set.features[$0].usesGraph }
    // In time the same node stands on both sides by intent: it is asked about again later.
    let taught = Set(training.flatMap(\.nodes))
    let judged = (validation + test).flatMap { part in part.nodes.map { (part.sight, $0) } }
      .filter { !taught.contains($0.1) }
    guard !judged.isEmpty else { return [] }
    var found: [Leak] = []
    func report(_ same: Int, _ what: String) {
      guard same * 200 > judged.count, same >= 3 else { return }
      found.append(
        Leak(
          .twins, same * 10 > judged.count ? .severe : .suspicion,
          "\(grouped(same)) of \(grouped(judged.count)) rows outside training \(what): is the same entity on both sides?"
        ))
    }
    if !own.isEmpty, let first = training.first {
      func cells(_ sight: Int, _ node: Int) -> [UInt32] { own.map { columns[sight][node, $0].bitPattern } }
      // The chance that two rows agree in everything, were the columns independent.
      let chance = own.reduce(1.0) { chance, column in
        var counts: [UInt32: Double] = [:]
        for node in first.nodes { counts[columns[first.sight][node, column].bitPattern, default: 0] += 1 }
        let all = Double(first.nodes.count)
        return chance * counts.values.reduce(0) { $0 + ($1 / all) * ($1 / all) }
      }
      if chance * Double(taught.count) < 0.001 {
        var seen = Set<[UInt32]>()
        for part in training { for node in part.nodes { seen.insert(cells(part.sight, node)) } }
        report(
          judged.count { seen.contains(cells($0.0, $0.1)) }, "equal a training row in every own column")
      }
    }
    let table = try sights[0].view.nodes(of: target)
    for (name, column) in table.columns.sorted(by: { $0.key < $1.key }) {
      guard case .text(let texts) = column, name != table.type.key else { continue }
      let filled = taught.filter { !texts[$0].isEmpty }
      let seen = Set(filled.map { texts[$0] })
      guard filled.count >= 20, seen.count * 2 > filled.count else { continue }
      report(
        judged.count { !texts[$0.1].isEmpty && seen.contains(texts[$0.1]) },
        "have the same \(name) as a training row")
    }
    return found
  }
}
