import Compute

/// Memory that several threads fill, each its own part, and that becomes a buffer when all is filled.
struct Scratch<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  private let memory: Memory
  private let count: Int
  let start: UnsafeMutablePointer<Element>

  init(_ count: Int) {
    self.count = count
    memory = Memory(byteCount: count * MemoryLayout<Element>.stride)
    start = memory.start.bindMemory(to: Element.self, capacity: count)
  }

  func finished() -> Buffer<Element> { Buffer(memory: memory, count: count) }
}
