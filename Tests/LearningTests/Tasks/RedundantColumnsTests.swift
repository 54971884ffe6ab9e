import Compute
import Testing

@testable import Learning

@Suite("Columns that need not be learned from")
struct RedundantColumnsTests {
  @Test("empty and constant columns and repetitions are found; a missing cell tells columns apart")
  func found() {
    let none = Float.nan
    let rows = Matrix(
      [
        // first, empty, same, again, the same less a cell, zero of both signs, constant where present
        [1, none, 5, 1, 1, 0, 3],
        [2, none, 5, 2, none, -0.0, none],
        [1, none, 5, 1, 1, 0, 3],
        [none, none, 5, none, none, 0, 3],
      ])
    let found = RedundantColumns(of: rows)
    #expect(found.kept == [0, 4, 6])
    #expect(found.empty == [1])
    #expect(found.constant == [2, 5])
    #expect(found.repeated == [3])
    let remarks = found.remarks(["a", "b", "c", "d", "e", "f", "g"])
    #expect(remarks.contains("2 columns are the same on all training rows: c, f."))
    #expect(remarks.contains("1 columns repeat another on all training rows and were left out: d."))
  }

  @Test("without training rows every column is kept")
  func noRows() {
    #expect(RedundantColumns(of: Matrix(rows: 0, columns: 3)).kept == [0, 1, 2])
  }
}
