import CXGBoost
import Compute

/// A matrix as XGBoost keeps it: NaN is a missing cell.
final class TreeData {
  let handle: DMatrixHandle
  let rows: Int
  let columns: Int

  /// Copies the matrix. Needs: no infinite value, and a label and a weight for each row where there are any.
  init(_ matrix: Matrix, labels: [Float]? = nil, weights: [Float]? = nil) throws(TreeError) {
    try matrix.refuseInfinite()
    var handle: DMatrixHandle?
    try TreeError.check(
      matrix.withUnsafeBufferPointer { values in
        XGDMatrixCreateFromMat(
          values.baseAddress, bst_ulong(matrix.rows), bst_ulong(matrix.columns), .nan, &handle)
      })
    self.handle = handle!
    rows = matrix.rows
    columns = matrix.columns
    if let labels { try set("label", labels) }
    if let weights { try set("weight", weights) }
  }

  deinit { XGDMatrixFree(handle) }

  private func set(_ field: String, _ values: [Float]) throws(TreeError) {
    guard values.count == rows else {
      throw .library(message: "\(values.count) values of \(field) for \(rows) rows")
    }
    try TreeError.check(
      values.withUnsafeBufferPointer {
        XGDMatrixSetFloatInfo(handle, field, $0.baseAddress, bst_ulong($0.count))
      })
  }
}

extension Matrix {
  fileprivate func refuseInfinite() throws(TreeError) {
    let place = withUnsafeBufferPointer { values in values.firstIndex { $0.isInfinite } }
    guard let place else { return }
    let column = place % columns
    throw .infinite(row: place / columns, column: columnNames?[column] ?? "\(column)")
  }
}

/// XGBoost's learner: one owner, used from one thread at a time.
final class Booster {
  let handle: BoosterHandle

  init(for data: [TreeData], parameters: [(String, String)]) throws(TreeError) {
    var handle: BoosterHandle?
    let handles: [DMatrixHandle?] = data.map(\.handle)
    try TreeError.check(
      handles.withUnsafeBufferPointer {
        XGBoosterCreate($0.baseAddress, bst_ulong($0.count), &handle)
      })
    self.handle = handle!
    for (name, value) in parameters { try TreeError.check(XGBoosterSetParam(self.handle, name, value)) }
  }

  private init(adopting handle: BoosterHandle) { self.handle = handle }

  /// Reads what `serialized` wrote.
  convenience init(serialized bytes: [UInt8]) throws(TreeError) {
    // The library ends the process on some damaged input: what is no UBJSON object does not reach it.
    guard bytes.count > 64, bytes.first == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "}") else {
      throw .damagedModel(reason: "it does not begin and end as an UBJSON object")
    }
    try self.init(for: [], parameters: [])
    let status = bytes.withUnsafeBytes {
      XGBoosterLoadModelFromBuffer(handle, $0.baseAddress, bst_ulong($0.count))
    }
    guard status == 0 else { throw .damagedModel(reason: TreeError.lastMessage()) }
  }

  deinit { XGBoosterFree(handle) }

  func update(round: Int, with data: TreeData) throws(TreeError) {
    try TreeError.check(XGBoosterUpdateOneIter(handle, Int32(round), data.handle))
  }

  /// The metric on one matrix after a round, as the library prints it: `[12]\tname-auc:0.8123`.
  func metric(round: Int, on data: TreeData) throws(TreeError) -> Double {
    var handles: [DMatrixHandle?] = [data.handle]
    var text: UnsafePointer<CChar>?
    let status = "v".withCString { name in
      var names: [UnsafePointer<CChar>?] = [name]
      return XGBoosterEvalOneIter(handle, Int32(round), &handles, &names, 1, &text)
    }
    try TreeError.check(status)
    guard let text, let value = String(cString: text).split(separator: ":").last.flatMap({ Double($0) })
    else { throw .library(message: "an evaluation without a number") }
    return value
  }

  /// Only the first rounds.
  func prefix(rounds: Int) throws(TreeError) -> Booster {
    var part: BoosterHandle?
    try TreeError.check(XGBoosterSlice(handle, 0, Int32(rounds), 1, &part))
    return Booster(adopting: part!)
  }

  /// The probability of the positive class, or of each class, for each row. Reads the matrix where it lies.
  func probabilities(_ matrix: Matrix) throws(TreeError) -> [Float] {
    try matrix.refuseInfinite()
    return try answer { (shape, dimensions, values) throws(TreeError) in
      try TreeError.check(
        matrix.withUnsafeBufferPointer { cells in
          let place = UInt(bitPattern: cells.baseAddress)
          let array =
            #"{"data":[\#(place),true],"shape":[\#(matrix.rows),\#(matrix.columns)],"typestr":"<f4","version":3}"#
          let request =
            #"{"type":0,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false,"missing":NaN,"cache_id":0}"#
          return XGBoosterPredictFromDense(handle, array, request, nil, shape, dimensions, values)
        })
    }
  }

  /// Shapley values: one for each column and the base, for each row.
  func contributions(_ data: TreeData) throws(TreeError) -> [Float] {
    try answer { (shape, dimensions, values) throws(TreeError) in
      let request =
        #"{"type":2,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false}"#
      try TreeError.check(
        XGBoosterPredictFromDMatrix(handle, data.handle, request, shape, dimensions, values))
    }
  }

  private func answer(
    _ ask: (
      UnsafeMutablePointer<UnsafePointer<bst_ulong>?>, UnsafeMutablePointer<bst_ulong>,
      UnsafeMutablePointer<UnsafePointer<Float>?>
    ) throws(TreeError) -> Void
  ) throws(TreeError) -> [Float] {
    var shape: UnsafePointer<bst_ulong>?
    var dimensions: bst_ulong = 0
    var values: UnsafePointer<Float>?
    try ask(&shape, &dimensions, &values)
    guard let shape, let values else { return [] }
    let count = (0..<Int(dimensions)).reduce(1) { $0 * Int(shape[$1]) }
    return Array(UnsafeBufferPointer(start: values, count: count))
  }

  /// XGBoost's own binary JSON, which every later version and language of it reads.
  func serialized() throws(TreeError) -> [UInt8] {
    var count: bst_ulong = 0
    var bytes: UnsafePointer<CChar>?
    try TreeError.check(XGBoosterSaveModelToBuffer(handle, #"{"format":"ubj"}"#, &count, &bytes))
    guard let bytes else { throw .library(message: "an empty model") }
    return UnsafeRawBufferPointer(start: bytes, count: Int(count)).map { $0 }
  }

  func columnCount() throws(TreeError) -> Int {
    var count: bst_ulong = 0
    try TreeError.check(XGBoosterGetNumFeature(handle, &count))
    return Int(count)
  }
}

/// What can be wrong with trees.
public enum TreeError: Error, CustomStringConvertible, Equatable {
  case library(message: String)
  case infinite(row: Int, column: String)
  case damagedModel(reason: String)
  case otherColumns(expected: Int, found: Int)

  public var description: String {
    switch self {
    case .library(let message): "XGBoost refused: \(message)."
    case .infinite(let row, let column):
      "Column \(column), row \(row), is infinite. Trees take any number or none: write a missing one as an empty cell."
    case .damagedModel(let reason):
      "The trees cannot be read: \(reason). The file is damaged or is none of XGBoost's; train again, or restore it."
    case .otherColumns(let expected, let found):
      "The trees were trained on \(expected) columns, but were given \(found). Compute the features that the model's card lists."
    }
  }

  static func check(_ status: Int32) throws(TreeError) {
    guard status == 0 else { throw .library(message: lastMessage()) }
  }

  /// The library's message without its stack trace, which tells a user nothing.
  static func lastMessage() -> String {
    let whole = String(cString: XGBGetLastError())
    let lines = whole.split(separator: "\n").map(String.init)
    let told = lines.prefix { !$0.hasPrefix("Stack trace") }.joined(separator: " ")
    guard let colon = told.range(of: "Check failed: ") ?? told.range(of: ": ") else { return told }
    return String(told[colon.upperBound...])
  }
}
