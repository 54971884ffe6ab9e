import Compute
import Testing

@Suite("Work over the cores")
struct ParallelTests {
  @Test("every block is visited once, on any number of threads", arguments: [1, 2, 3, 4, 9])
  func blocks(threads: Int) {
    for blocks in [0, 1, 2, 7, 1000] {
      let visits = Parallel(threads: threads).map(rows: blocks, atLeast: 1) { $0.count }
      #expect(visits.reduce(0, +) == blocks)
      var marks = [UInt8](repeating: 0, count: blocks)
      marks.withUnsafeMutableBufferPointer { marks in
        let marks = marks
        Parallel(threads: threads).forEach(blocks: blocks) { marks[$0] += 1 }
      }
      #expect(marks.allSatisfy { $0 == 1 })
    }
  }

  @Test("ranges depend on the rows, not on the threads")
  func ranges() {
    for rows in [0, 1, 1023, 1024, 1025, 1_000_003] {
      let one = Parallel(threads: 1).map(rows: rows) { $0 }
      #expect(one == Parallel(threads: 4).map(rows: rows) { $0 })
      #expect(one.map(\.count).reduce(0, +) == rows)
      #expect(zip(one, one.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
      #expect(one.count <= 256)
    }
  }

  @Test("sums over blocks have the same bits on any number of threads")
  func sums() {
    func sum(_ threads: Int) -> Double {
      Parallel(threads: threads)
        .map(rows: 300_000, atLeast: 100) { range in range.reduce(0.0) { $0 + 1 / Double($1 + 1) } }
        .reduce(0, +)
    }
    #expect(sum(1).bitPattern == sum(2).bitPattern)
    #expect(sum(1).bitPattern == sum(3).bitPattern)
  }
}
