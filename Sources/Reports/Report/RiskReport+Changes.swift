/// What is new since the report before.
extension RiskReport {
  func changeSection(since earlier: ReportSummary?) -> PageSection {
    var section = PageSection(id: "changes", title: "What changed")
    guard let earlier else {
      section.blocks.append(
        .missing(
          "There is no earlier report to compare with. The next one that is written to the same file says what changed:",
          command: "riskgraph report \(path) --out report.html"))
      return section
    }
    let lines = changes(since: earlier)
    section.blocks.append(.say("Since the report of \(earlier.madeAt):"))
    section.blocks.append(lines.isEmpty ? .say("Nothing.") : .list(lines))
    return section
  }

  func changes(since earlier: ReportSummary) -> [String] {
    let now = summary
    var lines: [String] = []
    if earlier.store != now.store { lines.append("That report was of another store, \(earlier.store).") }
    lines += grown("nodes", earlier.nodes, now.nodes) + grown("edges", earlier.edges, now.edges)
    if let queue = now.queueCount, let before = earlier.queueCount, queue != before {
      lines.append("\(count(queue)) cases in the queue; there were \(count(before)).")
    }
    lines += ranked(earlier, now) + groups(earlier, now) + models(earlier, now)
    return lines
  }

  private func grown(_ what: String, _ before: [String: Int], _ now: [String: Int]) -> [String] {
    let moves = now.keys.sorted().compactMap { name -> (name: String, by: Int)? in
      let by = now[name]! - (before[name] ?? 0)
      return by == 0 ? nil : (name, by)
    }
    guard !moves.isEmpty else { return [] }
    let words = moves.sorted { ($0.by.magnitude, $1.name) > ($1.by.magnitude, $0.name) }.prefix(6).map {
      "\($0.name) \($0.by > 0 ? "+" : "−")\(count(Int($0.by.magnitude)))"
    }
    let more = moves.count > 6 ? ", and \(moves.count - 6) others" : ""
    return ["\(what.prefix(1).uppercased() + what.dropFirst()): \(words.joined(separator: ", "))\(more)."]
  }

  private func ranked(_ earlier: ReportSummary, _ now: ReportSummary) -> [String] {
    let before = Set(earlier.ranked.flatMap(\.members))
    let fresh = now.ranked.filter { row in !row.members.contains { before.contains($0) } }
    let after = Set(now.ranked.flatMap(\.members))
    let gone = earlier.ranked.filter { row in !row.members.contains { after.contains($0) } }
    var lines: [String] = []
    if !fresh.isEmpty, !earlier.ranked.isEmpty {
      lines.append("New on the list, \(fresh.count): \(names(fresh.map { $0.members.first ?? $0.name })).")
    }
    if !gone.isEmpty {
      lines.append("No longer on it, \(gone.count): \(names(gone.map { $0.members.first ?? $0.name })).")
    }
    return lines
  }

  private func groups(_ earlier: ReportSummary, _ now: ReportSummary) -> [String] {
    let before = Dictionary(earlier.groups.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let after = Set(now.groups.map(\.name))
    var lines: [String] = []
    let fresh = now.groups.filter { before[$0.name] == nil }
    if !fresh.isEmpty, !earlier.groups.isEmpty {
      let words = fresh.map { "\($0.name) (\($0.members) members)" }
      lines.append("New groups, \(fresh.count): \(names(words)).")
    }
    let grown = now.groups.compactMap { group -> String? in
      guard let old = before[group.name], group.members != old.members else { return nil }
      return "\(group.name) (\(old.members) → \(group.members))"
    }
    if !grown.isEmpty { lines.append("Groups that grew or shrank, \(grown.count): \(names(grown)).") }
    let gone = earlier.groups.map(\.name).filter { !after.contains($0) }
    if !gone.isEmpty { lines.append("Groups that are gone, \(gone.count): \(names(gone)).") }
    return lines
  }

  private func models(_ earlier: ReportSummary, _ now: ReportSummary) -> [String] {
    let before = Dictionary(earlier.models.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    return now.models.compactMap { model in
      guard let old = before[model.name] else { return "A new model: \(model.name)." }
      if old.version != model.version {
        return "\(model.name) is version \(model.version) now; it was \(old.version)."
      }
      return old.advice != model.advice
        ? "\(model.name): the advice is \(model.advice) now; it was \(old.advice)." : nil
    }
  }

  private func names(_ all: [String]) -> String {
    all.prefix(8).joined(separator: ", ") + (all.count > 8 ? ", …" : "")
  }
}
