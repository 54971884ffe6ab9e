// Many classes: how often the chosen class is the right one.

/// Counts of true against predicted classes.
///
///     let table = try ClassTable(predicted: [0, 1, 2, 2], truth: [0, 1, 1, 2], classes: 3)
///     table.accuracy      // 0.75
///     table.macroF1       // 0.777…
public struct ClassTable: Sendable, Equatable {
  public let classes: Int
  /// `counts[truth * classes + predicted]`
  public let counts: [Int]

  /// Needs: classes from 0 up to `classes`, one of each list a row.
  public init(predicted: [Int], truth: [Int], classes: Int) throws(LearningError) {
    guard predicted.count == truth.count else {
      throw .differentLengths(
        what: "predicted classes", count: predicted.count, other: "true classes", otherCount: truth.count)
    }
    guard !truth.isEmpty else { throw .noRows(what: "rows to measure") }
    var counts = [Int](repeating: 0, count: classes * classes)
    for (a, b) in zip(truth, predicted) {
      guard (0..<classes).contains(a), (0..<classes).contains(b) else {
        throw .outOfRange(what: "A class", value: "\(a) or \(b)", allowed: "at least 0 and below \(classes)")
      }
      counts[a * classes + b] += 1
    }
    self.classes = classes
    self.counts = counts
  }

  public var count: Int { counts.reduce(0, +) }

  /// The share of rows whose predicted class is the true one.
  public var accuracy: Double {
    Double((0..<classes).reduce(0) { $0 + counts[$1 * classes + $1] }) / Double(count)
  }

  /// The F1 of one class against all others.
  public func f1(ofClass c: Int) -> Double {
    let right = counts[c * classes + c]
    let truth = (0..<classes).reduce(0) { $0 + counts[c * classes + $1] }
    let predicted = (0..<classes).reduce(0) { $0 + counts[$1 * classes + c] }
    return truth + predicted == 0 ? 0 : Double(2 * right) / Double(truth + predicted)
  }

  /// The mean of the classes' F1, each class as heavy as another; classes that neither stand nor are predicted are left out.
  public var macroF1: Double {
    let present = (0..<classes).filter { c in
      (0..<classes).contains { counts[c * classes + $0] > 0 || counts[$0 * classes + c] > 0 }
    }
    return present.reduce(0) { $0 + f1(ofClass: $1) } / Double(present.count)
  }
}

/// For each row of class scores the place of the highest; the first of equals.
public func highestClass(_ scores: [[Float]]) -> [Int] {
  scores.map { row in
    row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
  }
}
