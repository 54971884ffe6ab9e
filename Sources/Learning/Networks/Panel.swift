import CKernels
import Compute

/// Rows of floats that a network's layers hand to each other: memory that is kept from one step to the next.
///
/// Unlike a `Matrix` it is one thing, not a value: a layer writes its output again and again into the same panel.
public final class Panel {
  public private(set) var rows: Int
  public private(set) var columns: Int
  private var memory: Memory

  public init(rows: Int = 0, columns: Int = 0) {
    self.rows = rows
    self.columns = columns
    memory = Memory(byteCount: rows * columns * 4)
    clear()
  }

  public convenience init(_ matrix: Matrix) {
    self.init(rows: matrix.rows, columns: matrix.columns)
    matrix.withUnsafeBufferPointer { values in
      if let start = values.baseAddress { self.start.update(from: start, count: values.count) }
    }
  }

  public var count: Int { rows * columns }

  package var start: UnsafeMutablePointer<Float> { memory.start.assumingMemoryBound(to: Float.self) }
  package var reading: UncheckedRows { UncheckedRows(start, stride: columns) }
  package var writing: UncheckedMutableRows { UncheckedMutableRows(start, stride: columns) }

  /// Another shape; what it held is lost. Allocates only where it grows.
  public func reshape(rows: Int, columns: Int) {
    if rows * columns * 4 > memory.byteCount { memory = Memory(byteCount: rows * columns * 4) }
    self.rows = rows
    self.columns = columns
  }

  public func clear() { memory.start.initializeMemory(as: UInt8.self, repeating: 0, count: count * 4) }

  public subscript(row: Int, column: Int) -> Float {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "outside the panel")
      return start[row * columns + column]
    }
    set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "outside the panel")
      start[row * columns + column] = newValue
    }
  }

  /// A copy of what it holds.
  public var matrix: Matrix {
    var copy = Matrix(rows: rows, columns: columns)
    copy.withUnsafeMutableBufferPointer { values in
      if let to = values.baseAddress { to.update(from: start, count: count) }
    }
    return copy
  }

  func copy(from other: Panel, rows count: Int? = nil) {
    reshape(rows: count ?? other.rows, columns: other.columns)
    start.update(from: other.start, count: self.count)
  }

  /// Adds the first rows of another panel of the same width to the first rows of this one.
  func add(_ other: Panel, rows count: Int, parallel: Parallel) {
    precondition(columns == other.columns && count <= rows && count <= other.rows, "panels of other shapes")
    nonisolated(unsafe) let (to, from) = (start, other.start)
    parallel.forEach(rows: count * columns, atLeast: 1 << 14) { range in
      for index in range { to[index] += from[index] }
    }
  }
}

/// What a layer learns: its value, the gradient of the last step, and the optimizer's two moments.
public final class Parameter {
  public let name: String
  public let value: Panel
  public let gradient: Panel
  let firstMoment: Panel
  let secondMoment: Panel
  /// Whether weight decay pulls it towards zero: weights, not shifts.
  public let decays: Bool

  init(_ name: String, rows: Int, columns: Int, decays: Bool) {
    self.name = name
    value = Panel(rows: rows, columns: columns)
    gradient = Panel(rows: rows, columns: columns)
    firstMoment = Panel(rows: rows, columns: columns)
    secondMoment = Panel(rows: rows, columns: columns)
    self.decays = decays
  }

  /// Weights drawn uniformly, so that the spread of what goes through stays the same: Glorot & Bengio, 2010.
  static func weights(_ name: String, _ rows: Int, _ columns: Int, seed: Seed) -> Parameter {
    let parameter = Parameter(name, rows: rows, columns: columns, decays: true)
    let limit = (6 / Float(max(1, rows + columns))).squareRoot()
    var numbers = seed.generator(for: "weights of \(name)")
    for index in 0..<parameter.value.count {
      parameter.value.start[index] = (2 * Float(numbers.unit()) - 1) * limit
    }
    return parameter
  }

  static func shifts(_ name: String, _ columns: Int, at value: Float = 0) -> Parameter {
    let parameter = Parameter(name, rows: 1, columns: columns, decays: false)
    for index in 0..<columns { parameter.value.start[index] = value }
    return parameter
  }
}
