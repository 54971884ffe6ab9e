import Compute
import Foundation

/// An array that grows at its end without copying what it holds (large blocks are remapped), and becomes a `Buffer`.
///
/// For one thread at a time.
struct GrowingBuffer<Element: BitwiseCopyable & Sendable>: ~Copyable {
  private(set) var start: UnsafeMutablePointer<Element>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 64) {
    self.capacity = max(1, capacity)
    self.start = GrowingBuffer.reallocated(nil, self.capacity)
  }

  deinit { free(start) }

  private static func reallocated(
    _ start: UnsafeMutablePointer<Element>?, _ capacity: Int
  )
    -> UnsafeMutablePointer<Element>
  {
    guard let memory = realloc(start, capacity * MemoryLayout<Element>.stride) else {
      fatalError("out of memory: \(capacity * MemoryLayout<Element>.stride) bytes were asked for")
    }
    return memory.bindMemory(to: Element.self, capacity: capacity)
  }

  mutating func reserve(_ more: Int) {
    guard count + more > capacity else { return }
    capacity = max(count + more, capacity + capacity / 2)
    start = GrowingBuffer.reallocated(start, capacity)
  }

  mutating func append(_ element: Element) {
    if count == capacity { reserve(1) }
    start[count] = element
    count += 1
  }

  mutating func append(_ elements: UnsafeBufferPointer<Element>) {
    guard let source = elements.baseAddress else { return }
    reserve(elements.count)
    (start + count).update(from: source, count: elements.count)
    count += elements.count
  }

  mutating func append(repeating element: Element, count more: Int) {
    reserve(more)
    (start + count).update(repeating: element, count: more)
    count += more
  }

  /// Room for `more` elements that `fill` writes all.
  mutating func append(count more: Int, filledBy fill: (UnsafeMutableBufferPointer<Element>) -> Void) {
    reserve(more)
    fill(UnsafeMutableBufferPointer(start: start + count, count: more))
    count += more
  }

  /// Forgets all elements from `newCount` on.
  mutating func truncate(to newCount: Int) {
    precondition(newCount <= count, "truncated to more")
    count = newCount
  }

  subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "outside the buffer")
      return start[index]
    }
    set {
      precondition(index >= 0 && index < count, "outside the buffer")
      start[index] = newValue
    }
  }

  borrowing func withUnsafeBufferPointer<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeBufferPointer(start: start, count: count))
  }

  /// The elements as a buffer that takes over the memory.
  consuming func finished() -> Buffer<Element> {
    let count = count
    let memory = Memory(
      adopting: UnsafeMutableRawPointer(start), byteCount: capacity * MemoryLayout<Element>.stride
    ) { pointer, _ in Foundation.free(pointer) }
    discard self
    return Buffer(memory: memory, count: count)
  }
}
