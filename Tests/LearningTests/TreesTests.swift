import Compute
import Testing

@testable import Learning

/// Rows whose class depends on the first two columns together, with noise in the rest and holes in the third.
func boardRows(_ count: Int, seed: UInt64, classes: Int = 2) -> LabelledRows {
  var numbers = Seed(seed).generator(for: "board")
  var matrix = Matrix(rows: count, columns: 4, columnNames: ["x", "y", "holes", "noise"])
  var labels: [Int] = []
  for row in 0..<count {
    for column in 0..<4 { matrix[row, column] = Float(numbers.unit()) }
    if numbers.unit() < 0.3 { matrix[row, 2] = .nan }
    if classes == 2 {
      labels.append((matrix[row, 0] > 0.5) != (matrix[row, 1] > 0.5) ? 1 : 0)
    } else {
      labels.append(min(classes - 1, Int(matrix[row, 0] * Float(classes))))
    }
  }
  return LabelledRows(columns: matrix, classes: labels)
}

@Suite("Boosted trees")
struct TreesTests {
  let quick = TreeSettings(
    rounds: 60, learningRate: 0.3, depth: 3, leafWeight: 1, columnShare: 1, patience: 10)

  @Test("learn what no single column tells")
  func board() throws {
    let model = try Trees(quick).fit(boardRows(600, seed: 1), validation: boardRows(300, seed: 2))
    let test = boardRows(400, seed: 3)
    let ranking = try Ranking(scores: model.scores(test.columns), labels: test.classes.map { $0 == 1 })
    #expect(ranking.areaUnderROC > 0.97)
    #expect(model.validationMetrics[0] > 0.97)
  }

  @Test("give the same scores again with the same seed, from a file too, to the bit")
  func bits() throws {
    var settings = quick
    settings.repeats = 2
    let training = boardRows(300, seed: 4)
    let a = try Trees(settings).fit(training, validation: boardRows(100, seed: 5), seed: Seed(9))
    let b = try Trees(settings).fit(training, validation: boardRows(100, seed: 5), seed: Seed(9))
    let c = try Trees(settings).fit(training, validation: boardRows(100, seed: 5), seed: Seed(10))
    let test = boardRows(50, seed: 6).columns
    let scores = try a.scores(test)
    #expect(try b.scores(test) == scores)
    #expect(try c.scores(test) != scores)
    let read = try TreesModel(serialized: try a.serialized(), classes: 2)
    #expect(try read.scores(test) == scores)
  }

  @Test("give the same bits on one thread and on two")
  func threads() throws {
    let training = boardRows(2000, seed: 4)
    let test = boardRows(50, seed: 6).columns
    let one = try Trees(quick, parallel: Parallel(threads: 1)).fit(training)
    let two = try Trees(quick, parallel: Parallel(threads: 2)).fit(training)
    #expect(try one.scores(test) == two.scores(test))
  }

  @Test("explain each score: the contributions sum to the log-odds")
  func contributions() throws {
    let model = try Trees(quick).fit(boardRows(300, seed: 7))
    let test = boardRows(20, seed: 8).columns
    let parts = try model.contributions(test)
    #expect(parts.columns == 5 && parts.columnNames?.last == "base")
    for (row, score) in try model.scores(test).enumerated() {
      let sum = parts.row(row).reduce(0, +)
      #expect(abs(sigmoid(Double(sum)) - Double(score)) < 1e-4)
    }
  }

  @Test("tell many classes apart")
  func manyClasses() throws {
    let model = try Trees(quick).fit(boardRows(600, seed: 9, classes: 4), classes: 4)
    let test = boardRows(200, seed: 10, classes: 4)
    let probabilities = try model.predict(test.columns)
    let predicted = highestClass((0..<test.columns.rows).map { probabilities.row($0) })
    #expect(try ClassTable(predicted: predicted, truth: test.classes, classes: 4).accuracy > 0.95)
    #expect(abs(probabilities.row(0).reduce(0, +) - 1) < 1e-5)
  }

  @Test("are cut where validation was best")
  func early() throws {
    var settings = quick
    settings.rounds = 400
    settings.patience = 5
    var noise = boardRows(200, seed: 11)
    noise.classes = noise.classes.indices.map { $0 % 2 }
    let short = try Trees(settings).fit(noise, validation: boardRows(200, seed: 12))
    settings.patience = 400
    let full = try Trees(settings).fit(noise)
    #expect(try short.serialized()[0].count < full.serialized()[0].count / 2)
  }

  @Test("refuse what cannot be learned from, with the reason")
  func refusals() throws {
    var one = boardRows(20, seed: 1)
    one.classes = one.classes.map { _ in 0 }
    #expect(throws: LearningError.oneClassOnly(what: "training rows", label: "0", count: 20)) {
      try Trees(quick).fit(one)
    }
    var infinite = boardRows(20, seed: 1)
    infinite.columns[3, 1] = .infinity
    #expect(throws: TreeError.infinite(row: 3, column: "y")) { try Trees(quick).fit(infinite) }
    let model = try Trees(quick).fit(boardRows(50, seed: 1))
    #expect(throws: TreeError.otherColumns(expected: 4, found: 2)) {
      try model.scores(Matrix(rows: 1, columns: 2))
    }
    #expect(throws: LearningError.noRows(what: "labelled training rows")) {
      try Trees(quick).fit(LabelledRows(columns: Matrix(rows: 0, columns: 4), classes: []))
    }
  }

  @Test("a damaged file is refused, wherever it is cut")
  func damaged() throws {
    let bytes = try Trees(quick).fit(boardRows(50, seed: 1)).serialized()[0]
    #expect(throws: TreeError.self) { try TreesModel(serialized: [[]], classes: 2) }
    #expect(throws: TreeError.self) { try TreesModel(serialized: [Array("not a model".utf8)], classes: 2) }
    for cut in [bytes.count / 3, bytes.count - 1] {
      #expect(throws: TreeError.self) { try TreesModel(serialized: [Array(bytes[..<cut])], classes: 2) }
    }
  }

  @Test("no rows make no scores")
  func empty() throws {
    let model = try Trees(quick).fit(boardRows(50, seed: 1))
    #expect(try model.scores(Matrix(rows: 0, columns: 4)).isEmpty)
  }
}
