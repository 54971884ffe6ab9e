import Testing

@testable import Learning

@Suite("Metrics of many classes")
struct ClassMetricsTests {
  @Test("agree with scikit-learn on a stored example")
  func stored() throws {
    let table = try ClassTable(predicted: Stored.predicted, truth: Stored.truth, classes: 4)
    #expect(abs(table.accuracy - 0.7333333333333333) < 1e-9)
    #expect(abs(table.macroF1 - 0.7306628787878788) < 1e-9)
  }

  @Test("a class that nowhere stands does not draw the mean down")
  func absent() throws {
    let table = try ClassTable(predicted: [0, 1], truth: [0, 1], classes: 3)
    #expect(table.macroF1 == 1)
  }

  @Test("a class out of range is refused")
  func range() {
    #expect(throws: LearningError.self) { try ClassTable(predicted: [3], truth: [0], classes: 3) }
  }

  @Test("the highest class is the first of equals")
  func highest() { #expect(highestClass([[0.1, 0.5, 0.5], [1, 0, 0]]) == [1, 0]) }
}
