import Compute
import Learning
import Testing

@testable import Marketplace

@Suite("how hard a market is")
struct DifficultyTests {
  /// The merchants' own numbers and keys, without the events: enough to see what a single column tells.
  static let rows: (columns: [[Float]], names: [String], risky: [Bool], letters: [[Float]]) = {
    let world = World(GeneratorOptions(scale: .nodes(90_000)))
    let spec = nodeSpec(.merchant)
    var rows = Rows(width: spec.columns.count)
    var risky: [Bool] = []
    let order = world.rowOrders[NodeKind.merchant.rawValue]
    for place in 0..<world.count(.merchant) {
      let merchant = world.merchant(order[place])
      world.merchantRow(merchant, &rows)
      risky.append(merchant.isRisky)
    }
    var columns: [[Float]] = []
    var names: [String] = []
    for (place, column) in spec.columns.enumerated() where !column.name.contains("label") {
      switch column.kind {
      case .number, .flag, .time:
        let values = (0..<rows.count).map { row -> Float in
          let word = rows.words[row * rows.width + place]
          if word == Rows.missing { return .nan }
          if case .number = column.kind { return Float(Double(bitPattern: word)) }
          return Float(Int64(bitPattern: word))
        }
        columns.append(LogisticRegression.filled(values))
        names.append(column.name)
      default: break
      }
    }
    let letters = (0..<8).map { letter in
      (0..<rows.count).map { Float((rows.words[$0 * rows.width] >> UInt64(5 * letter)) & 31) }
    }
    return (columns, names, risky, letters)
  }()

  @Test("no column of a merchant's own tells the risky by itself, and together they tell something")
  func singleColumns() throws {
    var strongest = 0.5
    for (name, values) in zip(DifficultyTests.rows.names, DifficultyTests.rows.columns) {
      let area = try Ranking(scores: values, labels: DifficultyTests.rows.risky).areaUnderROC
      #expect(max(area, 1 - area) < 0.75, "\(name) tells too much: \(area)")
      strongest = max(strongest, area, 1 - area)
    }
    #expect(strongest > 0.55)
  }

  @Test("keys, row order and the seconds of the opening tell nothing")
  func keys() throws {
    let (columns, names, risky, letters) = DifficultyTests.rows
    let opened = columns[names.firstIndex(of: "opened_at")!].map { $0.truncatingRemainder(dividingBy: 60) }
    let order = risky.indices.map(Float.init)
    // Four standard errors with these numbers of rows.
    for values in letters + [opened, order] {
      let area = try Ranking(scores: values, labels: risky).areaUnderROC
      #expect(abs(area - 0.5) < 0.06, "\(area)")
    }
  }

  @Test("logistic regression finds the line that made the labels")
  func logistic() throws {
    var dice = Seed(3).generator(for: "rows")
    var rows: [[Float]] = []
    var labels: [Int] = []
    for _ in 0..<2000 {
      let (a, b) = (dice.normal(), dice.normal())
      rows.append([Float(a), Float(b), dice.chance(0.1) ? .nan : Float(dice.normal())])
      labels.append(dice.chance(Marketplace.logistic(2 * a - b)) ? 1 : 0)
    }
    let columns = Matrix(rows)
    let model = LogisticRegression(columns, labels: labels, ridge: 1)
    let scores = model.scores(columns)
    let ideal = rows.map { 2 * $0[0] - $0[1] }
    let area = try Ranking(scores: scores, labels: labels.map { $0 == 1 }).areaUnderROC
    let best = try Ranking(scores: ideal, labels: labels.map { $0 == 1 }).areaUnderROC
    #expect(abs(area - best) < 0.005)
    // Chances, too: their mean is the share of ones.
    let share = Double(labels.reduce(0, +)) / 2000
    #expect(abs(Double(scores.reduce(0, +)) / 2000 - share) < 0.005)
  }
}
