import Compute
import Foundation
import Testing

@testable import Learning

@Suite("Columns brought to one scale")
struct ColumnScalingTests {
  let matrix = Matrix([[1, 7, .nan], [3, 7, 4], [5, 7, .nan]])

  @Test("columns get mean 0 and spread 1; a missing cell is the mean; a constant column is 0")
  func columns() {
    let scaling = ColumnScaling(training: [matrix])
    #expect(scaling.means == [3, 7, 4])
    #expect(scaling.constants == [false, true, true])
    #expect(abs(scaling.missingShares[2] - 0.6666667) < 1e-6)
    let scaled = scaling.scaled(matrix)
    let spread: Float = 1.6329932
    for (row, wanted) in [-2 / spread, 0, 2 / spread].enumerated() {
      #expect(abs(scaled[row, 0] - wanted) < 1e-5)
    }
    #expect(scaled.column(1) == [0, 0, 0] && scaled.column(2) == [0, 0, 0])
    // What lies far out is drawn in, and the future's infinite cell too.
    #expect(scaling.scaled(Matrix([[1e9, 7, .infinity]])).row(0) == [10, 0, 10])
  }

  @Test("rows of counts get the sum 1; a missing cell is 0, and an empty row stays empty")
  func rows() throws {
    var scaling = ColumnScaling(training: [matrix])
    scaling.isOfRows = true
    let scaled = scaling.scaled(Matrix([[1, 3, .nan], [0, 0, 0]]))
    #expect(scaled.row(0) == [0.25, 0.75, 0] && scaled.row(1) == [0, 0, 0])
    // How rows are scaled is part of the card.
    let read = try JSONDecoder().decode(ColumnScaling.self, from: JSONEncoder().encode(scaling))
    #expect(read == scaling && read.isOfRows)
  }
}
