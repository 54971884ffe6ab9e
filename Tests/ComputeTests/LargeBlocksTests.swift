import Testing

@testable import Compute

@Suite("large blocks of memory", .serialized)
struct LargeBlocksTests {
  @Test("a matrix of zeros is all zeros, also where its memory was used before")
  func zeros() {
    for round in 1...3 {
      var used = Matrix(rows: 2000, columns: 1000)
      #expect((0..<2000).allSatisfy { used[$0, $0 % 1000] == 0 })
      used.withUnsafeMutableBufferPointer { $0.update(repeating: Float(round)) }
    }
  }

  @Test("a block that was given back serves whoever asks for as much, and nobody who wants a tenth of it")
  func again() throws {
    let size = 37 << 20
    let first = try #require(LargeBlocks.take(size))
    #expect(first.size >= size && Int(bitPattern: first.start) % (2 << 20) == 0)
    LargeBlocks.giveBack(first.start, size: first.size)
    let small = try #require(LargeBlocks.take(size / 10))
    #expect(small.size < size / 4)
    let second = try #require(LargeBlocks.take(size))
    #expect(second.size >= size && second.size <= first.size)
    #expect(second.start != small.start)
    // Both can be written to from end to end.
    second.start.initializeMemory(as: UInt8.self, repeating: 1, count: second.size)
    small.start.initializeMemory(as: UInt8.self, repeating: 2, count: small.size)
    #expect(second.start.load(as: UInt8.self) == 1)
    LargeBlocks.giveBack(second.start, size: second.size)
    LargeBlocks.giveBack(small.start, size: small.size)
  }
}
