import CKernels
import Graph

/// Some rows of one table where they lie in memory, column by column: what every source of rows (tables, appended
/// batches) hands on. Valid only during the call it is given to.
struct RowBlock {
  enum Values {
    case numbers(UnsafeBufferPointer<Float>)
    case times(UnsafeBufferPointer<Int64>)
    case texts(UnsafeBufferPointer<rg_text>)
  }

  var count: Int
  /// One column for a node type (its key), two for a relation (from, to).
  var keys: [UnsafeBufferPointer<rg_text>]
  /// In the order of `TableShape.columns`.
  var columns: [Values]
}

/// Which columns the rows of a type have: the schema's, and after them labels and clocks that are not among those.
struct TableShape {
  /// The names of the columns with keys.
  let keyColumns: [String]
  let columns: [ColumnType]
  private let happened: Int?
  private let known: Int?

  init(_ type: NodeType) {
    self.init(keyColumns: [type.key], columns: type.columns, clocks: type.clocks, labels: type.labels)
  }

  init(_ type: RelationType) {
    self.init(
      keyColumns: [type.fromColumn, type.toColumn], columns: type.columns, clocks: type.clocks, labels: [])
  }

  private init(keyColumns: [String], columns: [ColumnType], clocks: Clocks, labels: [LabelType]) {
    self.keyColumns = keyColumns
    var columns = columns
    // A label and when it was known are columns like others, whether the schema lists them or not.
    for label in labels {
      if !columns.contains(where: { $0.name == label.column }) {
        columns.append(ColumnType(label.column, .number))
      }
      if let known = label.known, !columns.contains(where: { $0.name == known }) {
        columns.append(ColumnType(known, .time))
      }
    }
    func place(_ name: String?) -> Int? {
      guard let name else { return nil }
      if let index = columns.firstIndex(where: { $0.name == name }) { return index }
      columns.append(ColumnType(name, .time))
      return columns.count - 1
    }
    self.happened = place(clocks.happened)
    self.known = place(clocks.known)
    self.columns = columns
  }

  var hasClocks: Bool { happened != nil || known != nil }
  var clockColumns: [Int] { [happened, known].compactMap { $0 } }
  /// The one column that says from when a row is visible, where it is one: then the times are that column.
  var singleClock: Int? { Set(clockColumns).count == 1 ? clockColumns.first : nil }
}
