extension Matrix {
  /// The rows at these places, in this order, copied.
  ///
  ///     x.rows(at: [3, 0])     // two rows
  public func rows(at places: [Int]) -> Matrix {
    var result = Matrix(uninitializedRows: places.count, columns: columns, columnNames: columnNames)
    guard columns > 0 else { return result }
    withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { target in
        for (row, place) in places.enumerated() {
          precondition(place >= 0 && place < rows, "outside the matrix")
          (target.baseAddress! + row * columns).update(
            from: source.baseAddress! + place * columns, count: columns)
        }
      }
    }
    return result
  }

  /// The columns at these places, in this order, copied with their names.
  public func columns(at places: [Int]) -> Matrix {
    var result = Matrix(
      uninitializedRows: rows, columns: places.count,
      columnNames: columnNames.map { names in places.map { names[$0] } })
    withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { target in
        for row in 0..<rows {
          for (column, place) in places.enumerated() {
            target[row * places.count + column] = source[row * columns + place]
          }
        }
      }
    }
    return result
  }

  /// Several matrices of as many rows side by side. Names are kept where all have them.
  public static func beside(_ parts: [Matrix]) -> Matrix {
    let rows = parts.first?.rows ?? 0
    precondition(parts.allSatisfy { $0.rows == rows }, "matrices of different height")
    let width = parts.reduce(0) { $0 + $1.columns }
    let names = parts.map(\.columnNames)
    var result = Matrix(
      uninitializedRows: rows, columns: width,
      columnNames: names.contains { $0 == nil } ? nil : names.flatMap { $0! })
    result.withUnsafeMutableBufferPointer { target in
      var start = 0
      for part in parts where part.columns > 0 {
        part.withUnsafeBufferPointer { source in
          for row in 0..<rows {
            (target.baseAddress! + row * width + start).update(
              from: source.baseAddress! + row * part.columns, count: part.columns)
          }
        }
        start += part.columns
      }
    }
    return result
  }
}
