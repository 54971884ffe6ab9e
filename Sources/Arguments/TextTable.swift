/// Rows and columns for a terminal, aligned: numbers to the right, everything else to the left.
///
///     var table = TextTable(["type", "nodes"])
///     table.add(["merchant", "1,204"])
///
/// Cells are shown with control characters written out. A cell too long for its share of the width is cut, with an ellipsis.
public struct TextTable: Sendable, Equatable {
  public enum Alignment: Sendable { case leading, trailing }

  public let header: [String]
  public private(set) var rows: [[String]] = []
  private var alignments: [Alignment?]

  /// Columns whose alignment nobody says are to the right where all their cells start like numbers.
  public init(_ header: [String], alignments: [Alignment?] = []) {
    self.header = header
    self.alignments = alignments
  }

  /// Missing cells are empty; surplus ones are left out.
  public mutating func add(_ cells: [String]) {
    let kept = cells.prefix(header.count).map { visible($0) }
    rows.append(kept + Array(repeating: "", count: header.count - kept.count))
  }

  public var isEmpty: Bool { rows.isEmpty }

  /// The table in lines, each at most `width` columns where that can be done without cutting a column below 12.
  public func lines(width: Int) -> [String] {
    var widths = header.indices.map { column in
      ([header[column]] + rows.map { $0[column] }).map(\.displayWidth).max() ?? 0
    }
    let gaps = 2 * max(0, header.count - 1)
    while widths.reduce(gaps, +) > width, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
      widths[widest] > 12
    {
      widths[widest] -= 1
    }
    let sides = header.indices.map { column in
      (column < alignments.count ? alignments[column] : nil) ?? natural(column)
    }
    return ([header] + rows).map { cells in
      var line = ""
      for (column, cell) in cells.enumerated() {
        let text = cut(cell, to: widths[column])
        let space = String(repeating: " ", count: max(0, widths[column] - text.displayWidth))
        line += column == 0 ? "" : "  "
        line += sides[column] == .trailing ? space + text : text + space
      }
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  private func natural(_ column: Int) -> Alignment {
    let cells = rows.map { $0[column] }.filter { !$0.isEmpty && $0 != "–" }
    let numeric = cells.allSatisfy { cell in
      let body = cell.drop { "-−+~≤≥<>".contains($0) }
      return body.first.map { $0.isASCII && $0.isNumber } ?? false && isNumberLike(cell)
    }
    return numeric && !cells.isEmpty ? .trailing : .leading
  }

  /// A number, perhaps with a unit: `1,204`, `3.5 GB/s`, `87 %`; not a date, nor a key that starts with a digit.
  private func isNumberLike(_ cell: String) -> Bool {
    let words = cell.split(separator: " ")
    guard let first = words.first, words.count <= 2 else { return false }
    return first.allSatisfy { ($0.isASCII && $0.isNumber) || ".,-−+~≤≥<>e%×".contains($0) }
      && !(first.dropFirst().contains("-") && !first.contains("e"))
  }

  private func cut(_ cell: String, to width: Int) -> String {
    guard cell.displayWidth > width else { return cell }
    var text = cell
    while text.displayWidth > width - 1, !text.isEmpty { text.removeLast() }
    return text + "…"
  }
}
