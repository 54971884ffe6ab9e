import Compute
import Graph

extension MemberFacts {
  /// What a view knows of the nodes of a space: labels as far as they were known by then, since when each is there, and
  /// the money through it.
  ///
  /// A label that is a number means bad where it is above 0; one that is a category of two levels, where it is the second
  /// in the order of the alphabet. Money is the number column of that name of every relation of the node, each table
  /// counted once.
  public init(of space: NodeSpace, in view: GraphView, money column: String = "amount") throws(GraphError) {
    self.init()
    var labels = [Bool?](repeating: nil, count: space.count)
    var since = [Int64](repeating: Column.missingTime, count: space.count)
    var money = [Double](repeating: 0, count: space.count)
    var (hasLabels, hasTimes, hasMoney) = (false, false, false)
    for part in space.parts {
      let table = try view.nodes(part.type)
      if let times = table.times {
        hasTimes = true
        for node in 0..<part.count where view.isVisible(NodeID(UInt32(node)), in: table) {
          since[part.start + node] = times[node]
        }
      }
      if let label = table.type.labels.first,
        let verdicts = MemberFacts.verdicts(try view.labels(label.column, of: part.type))
      {
        hasLabels = true
        for node in 0..<part.count { labels[part.start + node] = verdicts[node] }
      }
      var tables: Set<String> = []
      for relation in view.graph.schema.relations {
        guard
          let direction: Direction = relation.from == part.type
            ? .out : relation.to == part.type ? .into : nil,
          case .number(let amounts)? = view.graph.relations[relation.name]?.columns[column],
          tables.insert(relation.table).inserted
        else { continue }
        hasMoney = true
        let rows = try view.rows(relation.name, direction)
        for node in 0..<min(part.count, rows.rowCount) {
          for entry in rows.row(node) {
            let amount = amounts[rows.edgeRow(entry)]
            if amount.isFinite { money[part.start + node] += Double(amount) }
          }
        }
      }
    }
    if hasLabels { self.labels = labels }
    if hasTimes { self.since = since }
    if hasMoney { self.money = money }
  }

  /// Bad, good or unknown for each node; nil where the label does not say which is which.
  private static func verdicts(_ column: Column) -> [Bool?]? {
    switch column {
    case .number(let values): return values.map { $0.isNaN ? nil : $0 > 0 }
    case .category(let codes, let levels):
      guard levels.count == 2 else { return nil }
      let bad: UInt32 = levels[0] < levels[1] ? 1 : 0
      return codes.map { $0 == Column.missingCode ? nil : $0 == bad }
    case .time, .text: return nil
    }
  }
}
