import Compute
import Synchronization
import Testing

@Suite("A crew") struct CrewTests {
  @Test("does each chunk once, and one at a time for each worker", arguments: 1...5)
  func chunks(threads: Int) {
    let crew = Crew(threads: threads)
    // Many short tasks in a row: threads wait awake, and asleep where there are more of them than cores.
    for count in [0, 1, 2, 3, 64, 500] + Array(repeating: 7, count: 300) {
      let done = (0..<count).map { _ in Counter() }
      let busy = (0..<threads).map { _ in Counter() }
      let doubled = Counter()
      crew.forEach(chunks: count) { worker, chunk in
        if busy[worker].add(1) != 1 { doubled.add(1) }
        done[chunk].add(1)
        busy[worker].add(-1)
      }
      #expect(done.allSatisfy { $0.value == 1 } && doubled.value == 0)
    }
  }

  @Test("runs every worker, and sees what each has written")
  func workers() {
    let crew = Crew(threads: 3)
    for round in 1...200 {
      let sums = (0..<3).map { _ in Counter() }
      crew.run(workers: 3) { sums[$0].add(round * ($0 + 1)) }
      #expect(sums.map(\.value) == [round, 2 * round, 3 * round])
    }
  }
}

private final class Counter: Sendable {
  private let number = Atomic<Int>(0)
  var value: Int { number.load(ordering: .relaxed) }

  @discardableResult
  func add(_ amount: Int) -> Int { number.wrappingAdd(amount, ordering: .relaxed).newValue }
}
