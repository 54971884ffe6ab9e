/// The queue: who is to be looked at, and why.
extension RiskReport {
  var queueSection: PageSection {
    var section = PageSection(id: "queue", title: "The queue")
    guard let queue else {
      section.blocks.append(
        .missing(
          "No queue was made yet. This makes one, with cases:", command: "riskgraph flag \(path) --budget 200"
        ))
      if let ranking, !ranking.rows.isEmpty {
        section.blocks.append(.heading("Meanwhile: \(ranking.title)"))
        section.blocks += ranking.remarks.map { .say($0) }
        section.blocks.append(.table(table(of: ranking)))
      } else if models.isEmpty {
        section.blocks.append(
          .missing(
            "Nor was a model trained. This trains one:", command: "riskgraph train \(path) --target merchant")
        )
      }
      return section
    }
    section.blocks.append(.say(queue.title + "."))
    section.blocks += queue.remarks.map { .say($0) }
    if queue.rows.isEmpty {
      section.blocks.append(.say("Nobody is waiting: a quiet day."))
    } else {
      section.blocks.append(.table(table(of: queue)))
      if queue.count > queue.rows.count {
        section.blocks.append(
          .say("And \(count(queue.count - queue.rows.count)) more: riskgraph review \(path) list"))
      }
    }
    var charts: [any Chart] = []
    if queue.states.contains(where: { $0.count > 0 }) {
      charts.append(bars("Cases by state", queue.states))
    }
    if queue.decisions.contains(where: { $0.count > 0 }) {
      charts.append(bars("What was decided", queue.decisions))
    }
    if !charts.isEmpty { section.blocks.append(.charts(charts)) }
    return section
  }

  private func bars(_ title: String, _ counts: [(name: String, count: Int)]) -> BarChart {
    BarChart(title: title, axis: Axis("cases"), bars: counts.map { BarChart.Bar($0.name, Double($0.count)) })
  }

  private func table(of queue: Queue) -> PageTable {
    let hasHarm = queue.rows.contains { $0.harm != nil }
    let hasReasons = queue.rows.contains { !$0.reasons.isEmpty }
    let hasState = queue.rows.contains { !$0.state.isEmpty }
    var table = PageTable(
      ["#", "Who", "Probability"] + (hasHarm ? ["Expected harm"] : []) + (hasReasons ? ["Why"] : [])
        + (hasState ? ["State"] : []))
    for (place, row) in queue.rows.enumerated() {
      var cells: [PageTable.Cell] = [
        .place(place + 1), who(row), .share(row.probability),
      ]
      if hasHarm {
        cells.append(.number(row.harm.map { number($0) } ?? "–", row.harm ?? -.infinity))
      }
      if hasReasons { cells.append(.lines(row.reasons)) }
      if hasState { cells.append(row.state.isEmpty ? .text("") : .mark(row.state, .plain)) }
      table.add(cells)
    }
    return table
  }

  /// The first members by name; how many more there are.
  private func who(_ row: Row) -> PageTable.Cell {
    guard row.members.count > 1 || row.members.first != row.name else { return .text(row.name) }
    let shown = row.members.prefix(4).joined(separator: ", ")
    let more = row.members.count > 4 ? " and \(row.members.count - 4) more" : ""
    return .named(row.name, shown + more)
  }
}
