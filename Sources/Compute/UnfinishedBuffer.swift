/// A buffer that is still being written, where one closure would not do: several are filled at once, or the count
/// is known only in the end. Spent by `finished`.
package struct UnfinishedBuffer<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
  private let memory: Memory
  package let elements: UnsafeMutableBufferPointer<Element>

  /// Room for `capacity` elements, uninitialized.
  package init(capacity: Int) {
    memory = Memory(byteCount: capacity * MemoryLayout<Element>.stride)
    elements = UnsafeMutableBufferPointer(
      start: memory.start.bindMemory(to: Element.self, capacity: capacity), count: capacity)
  }

  /// The first `count` elements, all of which must have been written.
  package consuming func finished(count: Int? = nil) -> Buffer<Element> {
    Buffer(memory: memory, count: count ?? elements.count)
  }
}
