/// A dense matrix of 32-bit floats, row after row, its memory aligned to 64 bytes.
///
///     var x = Matrix(rows: 2, columns: 3)
///     x[1, 2] = 0.5
///
/// A value: a copy that is written to becomes its own. `columnNames` are kept where columns mean something.
public struct Matrix: Sendable {
  public let rows: Int
  public let columns: Int
  public var columnNames: [String]?
  private var memory: Memory

  /// All zeros.
  public init(rows: Int, columns: Int, columnNames: [String]? = nil) {
    self.init(uninitializedRows: rows, columns: columns, columnNames: columnNames)
    // The first writing brings the pages, which costs more than the writing: all cores do it.
    nonisolated(unsafe) let start = memory.start
    Parallel.machine.forEach(rows: memory.byteCount, atLeast: 4 << 20) { range in
      (start + range.lowerBound).initializeMemory(as: UInt8.self, repeating: 0, count: range.count)
    }
  }

  package init(uninitializedRows rows: Int, columns: Int, columnNames: [String]? = nil) {
    precondition(rows >= 0 && columns >= 0, "a matrix of negative size")
    precondition(columnNames.map { $0.count == columns } ?? true, "one name for each column")
    self.rows = rows
    self.columns = columns
    self.columnNames = columnNames
    self.memory = Memory(byteCount: rows * columns * MemoryLayout<Float>.stride)
  }

  /// Needs: rows of equal length.
  public init(_ rows: [[Float]], columnNames: [String]? = nil) {
    let width = rows.first?.count ?? columnNames?.count ?? 0
    self.init(uninitializedRows: rows.count, columns: width, columnNames: columnNames)
    for (index, row) in rows.enumerated() {
      precondition(row.count == width, "rows of different length")
      for column in 0..<width { mutableStart[index * width + column] = row[column] }
    }
  }

  public var count: Int { rows * columns }
  public var isEmpty: Bool { count == 0 }

  private var mutableStart: UnsafeMutablePointer<Float> {
    memory.start.assumingMemoryBound(to: Float.self)
  }

  public subscript(row: Int, column: Int) -> Float {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "outside the matrix")
      return mutableStart[row * columns + column]
    }
    set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "outside the matrix")
      makeUnique()
      mutableStart[row * columns + column] = newValue
    }
  }

  /// One row, copied.
  public func row(_ row: Int) -> [Float] {
    precondition(row >= 0 && row < rows, "outside the matrix")
    return Array(UnsafeBufferPointer(start: mutableStart + row * columns, count: columns))
  }

  /// One column, copied.
  public func column(_ column: Int) -> [Float] {
    precondition(column >= 0 && column < columns, "outside the matrix")
    return (0..<rows).map { mutableStart[$0 * columns + column] }
  }

  public func column(named name: String) -> [Float]? {
    columnNames?.firstIndex(of: name).map { column($0) }
  }

  package func withUnsafeBufferPointer<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(memory) {} }
    return try body(UnsafeBufferPointer(start: mutableStart, count: count))
  }

  package mutating func withUnsafeMutableBufferPointer<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    makeUnique()
    defer { withExtendedLifetime(memory) {} }
    return try body(UnsafeMutableBufferPointer(start: mutableStart, count: count))
  }

  private mutating func makeUnique() {
    guard !isKnownUniquelyReferenced(&memory) else { return }
    let copy = Memory(byteCount: memory.byteCount)
    copy.start.copyMemory(from: memory.start, byteCount: memory.byteCount)
    memory = copy
  }
}

extension Matrix: Equatable {
  public static func == (a: Matrix, b: Matrix) -> Bool {
    a.rows == b.rows && a.columns == b.columns && a.columnNames == b.columnNames
      && (0..<a.count).allSatisfy { a.mutableStart[$0] == b.mutableStart[$0] }
  }
}
