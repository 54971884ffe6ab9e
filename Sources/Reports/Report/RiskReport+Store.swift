/// What the report is made from.
extension RiskReport {
  var storeSection: PageSection {
    var nodes = PageTable(["Nodes", "Count"])
    for (type, number) in self.nodes { nodes.add([.text(type), .number(count(number), Double(number))]) }
    var edges = PageTable(["Relation", "Count"])
    for (relation, number) in self.edges {
      edges.add([.text(relation), .number(count(number), Double(number))])
    }
    return PageSection(
      id: "data", title: "What it is made from",
      blocks: [
        .cards([
          PageCard(title: "Nodes", blocks: [.table(nodes)]),
          PageCard(title: "Relations", blocks: [.table(edges)]),
        ])
      ])
  }
}
