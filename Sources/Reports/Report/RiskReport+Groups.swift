/// The groups that act together: the most suspicious with their pictures, the others as a table.
extension RiskReport {
  private static let pictured = 6

  var groupSection: PageSection {
    var section = PageSection(id: "groups", title: "Groups")
    guard !groups.isEmpty else {
      section.blocks.append(
        .missing(
          "No groups are kept yet. This finds and keeps them:",
          command: "riskgraph communities \(path) --on 'merchant-device-merchant'"))
      return section
    }
    if !groupRemark.isEmpty { section.blocks.append(.say(groupRemark)) }
    let top = groups.prefix(RiskReport.pictured)
    section.blocks.append(.cards(top.map { card(of: $0) }))
    let others = groups.dropFirst(RiskReport.pictured).prefix(40)
    guard !others.isEmpty else { return section }
    var table = PageTable(["Group", "Members", "Suspicion", "Why"], caption: "The next \(others.count)")
    for group in others {
      table.add([
        .text(group.name), .number("\(group.members.count)", Double(group.members.count)),
        .share(group.suspicion ?? .nan), .text(group.reasons.first ?? ""),
      ])
    }
    section.blocks.append(.table(table))
    return section
  }

  private func card(of group: Group) -> PageCard {
    let shown = group.members.prefix(12).joined(separator: ", ")
    let more = group.members.count > 12 ? " and \(group.members.count - 12) more" : ""
    return PageCard(
      title: "\(group.name): \(group.members.count) members",
      badge: group.suspicion.map { "suspicion \(Axis("").words($0, step: 0.01))" },
      blocks: [.list(group.reasons), .say(shown + more + ".")], picture: group.picture)
  }
}
