/// A fixed array of plain numbers that never changes once made, on the heap or in a mapped file.
///
///     let offsets = Buffer<UInt64>([0, 2, 5])
///     offsets[1]      // 2
///
/// Copies share the memory: passing one on costs a reference count. Elements are aligned to 64 bytes.
/// In hot loops take `withUnsafeBufferPointer` once, outside the loop.
public struct Buffer<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  @usableFromInline package let memory: Memory
  @usableFromInline package let pointer: UnsafePointer<Element>
  public let count: Int

  /// Elements in mapped memory, from a byte offset. Needs: the range lies inside, and the offset suits the type.
  package init(memory: Memory, byteOffset: Int = 0, count: Int) {
    precondition(count >= 0 && byteOffset >= 0, "a range of negative size")
    precondition(byteOffset + count * MemoryLayout<Element>.stride <= memory.byteCount, "out of the memory")
    precondition(byteOffset % MemoryLayout<Element>.alignment == 0, "not aligned for its type")
    self.memory = memory
    self.pointer = UnsafePointer(
      (memory.start + byteOffset).assumingMemoryBound(to: Element.self))
    self.count = count
  }

  /// A new buffer whose elements `fill` writes, all of them, before it returns.
  package init<Failure: Error>(
    count: Int, filledBy fill: (UnsafeMutableBufferPointer<Element>) throws(Failure) -> Void
  ) throws(Failure) {
    let memory = Memory(byteCount: count * MemoryLayout<Element>.stride)
    let start = memory.start.bindMemory(to: Element.self, capacity: count)
    try fill(UnsafeMutableBufferPointer(start: start, count: count))
    self.memory = memory
    self.pointer = UnsafePointer(start)
    self.count = count
  }

  public init(_ elements: some Collection<Element>) {
    self.init(count: elements.count) { _ = $0.initialize(from: elements) }
  }

  public init(repeating element: Element, count: Int) {
    self.init(count: count) { $0.initialize(repeating: element) }
  }

  /// The same elements from `range`, without a copy.
  public func view(_ range: Range<Int>) -> Buffer {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "a range outside the buffer")
    let byteOffset =
      UnsafeRawPointer(pointer) - UnsafeRawPointer(memory.start)
      + range.lowerBound * MemoryLayout<Element>.stride
    return Buffer(memory: memory, byteOffset: byteOffset, count: range.count)
  }

  @inlinable
  package func withUnsafeBufferPointer<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(memory) {} }
    return try body(UnsafeBufferPointer(start: pointer, count: count))
  }

  public var byteCount: Int { count * MemoryLayout<Element>.stride }
}

extension Buffer: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  @inlinable
  public subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count, "index outside the buffer")
    return pointer[index]
  }
}

extension Buffer: Equatable where Element: Equatable {
  public static func == (a: Buffer, b: Buffer) -> Bool { a.elementsEqual(b) }
}

extension Buffer: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Element...) { self.init(elements) }
}
