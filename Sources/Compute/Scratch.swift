/// Memory that is written to over and over, aligned to 64 bytes, uninitialized at first.
///
/// For hot loops only; results leave as a `Buffer`.
package struct Scratch<Element: BitwiseCopyable & Sendable>: ~Copyable {
  private let memory: Memory
  package let count: Int

  package init(count: Int) {
    memory = Memory(byteCount: count * MemoryLayout<Element>.stride)
    memory.start.bindMemory(to: Element.self, capacity: count)
    self.count = count
  }

  package mutating func withUnsafeMutableBufferPointer<Result>(
    _ body: (UnsafeMutableBufferPointer<Element>) throws -> Result
  ) rethrows -> Result {
    defer { withExtendedLifetime(memory) {} }
    return try body(
      UnsafeMutableBufferPointer(start: memory.start.assumingMemoryBound(to: Element.self), count: count))
  }
}
