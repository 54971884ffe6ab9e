import Compute
import Foundation
import Synchronization

/// Grown trees, one booster or the mean of several. Never changes.
public final class TreesModel: Sendable {
  public let classes: Int
  public let columnCount: Int
  public let columnNames: [String]?
  /// The best validation metric of each booster; NaN where none was watched.
  public let validationMetrics: [Double]
  /// How many rounds each booster was grown; empty where it was read from a file.
  public let rounds: [Int]
  // The library's predictions share buffers within a learner, so calls take turns.
  private let members: Mutex<[Member]>

  private struct Member: @unchecked Sendable { let booster: Booster }

  init(
    _ members: sending [Booster], classes: Int, columnNames: [String]?, validationMetrics: [Double] = [],
    rounds: [Int] = []
  ) throws(TreeError) {
    guard let first = members.first else { throw .damagedModel(reason: "it holds no trees") }
    self.classes = classes
    self.columnCount = try first.columnCount()
    self.columnNames = columnNames
    self.validationMetrics = validationMetrics
    self.rounds = rounds
    let wrapped = members.map { Member(booster: $0) }
    self.members = Mutex(wrapped)
  }

  /// Reads boosters from XGBoost's own format.
  public convenience init(serialized: [[UInt8]], classes: Int, columnNames: [String]? = nil) throws(TreeError)
  {
    var boosters: [Booster] = []
    for bytes in serialized { boosters.append(try Booster(serialized: bytes)) }
    let columns = try boosters.first?.columnCount() ?? 0
    if let columnNames, columnNames.count != columns {
      throw .otherColumns(expected: columns, found: columnNames.count)
    }
    try self.init(boosters, classes: classes, columnNames: columnNames)
  }

  /// One file for each booster; Python's `xgboost.Booster(model_file:)` reads them.
  public func serialized() throws(TreeError) -> [[UInt8]] {
    try members.withLock { members throws(TreeError) in
      var files: [[UInt8]] = []
      for member in members { files.append(try member.booster.serialized()) }
      return files
    }
  }

  /// The probability of each class, a row for each row. Two classes make two columns.
  public func predict(_ columns: Matrix) throws(TreeError) -> Matrix {
    let values = try scores(columns)
    var result = Matrix(rows: columns.rows, columns: classes)
    guard columns.rows > 0 else { return result }
    result.withUnsafeMutableBufferPointer { cells in
      if classes > 2 {
        for place in values.indices { cells[place] = values[place] }
      } else {
        for row in values.indices {
          cells[2 * row] = 1 - values[row]
          cells[2 * row + 1] = values[row]
        }
      }
    }
    return result
  }

  /// For two classes: the probability of the positive one.
  public func scores(_ columns: Matrix) throws(TreeError) -> [Float] {
    try mean(columns) { booster throws(TreeError) in try booster.probabilities(columns) }
  }

  /// What each column adds to a row's log-odds, and last the base value: Shapley values of the trees. A row's
  /// values sum to its log-odds (of the mean booster). For two classes.
  ///
  /// Lundberg et al.: From local explanations to global understanding with explainable AI for trees (2020).
  /// Costs about depth² times a prediction.
  public func contributions(_ columns: Matrix) throws(TreeError) -> Matrix {
    let data = try TreeData(columns)
    let values = try mean(columns) { booster throws(TreeError) in try booster.contributions(data) }
    let names = columns.columnNames.map { $0 + ["base"] }
    var result = Matrix(rows: columns.rows, columns: columnCount + 1, columnNames: names)
    guard columns.rows > 0, values.count == result.count else { return result }
    result.withUnsafeMutableBufferPointer { cells in
      for place in values.indices { cells[place] = values[place] }
    }
    return result
  }

  private func mean(
    _ columns: Matrix, _ ask: (Booster) throws(TreeError) -> [Float]
  ) throws(TreeError) -> [Float] {
    guard columns.columns == columnCount else {
      throw .otherColumns(expected: columnCount, found: columns.columns)
    }
    guard columns.rows > 0 else { return [] }
    return try members.withLock { members throws(TreeError) in
      var sum = try ask(members[0].booster)
      guard members.count > 1 else { return sum }
      for member in members.dropFirst() {
        let values = try ask(member.booster)
        for place in sum.indices { sum[place] += values[place] }
      }
      let share = 1 / Float(members.count)
      for place in sum.indices { sum[place] *= share }
      return sum
    }
  }
}
