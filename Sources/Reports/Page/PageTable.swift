/// A table that is read as it is, sorted by a click where there is script, and stacked on a telephone.
public struct PageTable: Sendable {
  public enum Cell: Sendable {
    case text(String)
    /// Where a row stands: 1, 2, 3.
    case place(Int)
    /// Words to read, and the number to sort by.
    case number(String, Double)
    /// A probability or another share from 0 to 1, with a bar.
    case share(Double)
    /// Several lines.
    case lines([String])
    /// A word in a coloured frame.
    case mark(String, Page.Tile.Mood)
    /// A name, and under it what it is, smaller.
    case named(String, String)

    var isNumber: Bool {
      switch self {
      case .place, .number, .share: true
      default: false
      }
    }
  }

  public var caption: String?
  public var columns: [String]
  public private(set) var rows: [[Cell]] = []

  public init(_ columns: [String], caption: String? = nil) {
    self.columns = columns
    self.caption = caption
  }

  /// Needs: a cell for each column; what is missing is empty.
  public mutating func add(_ row: [Cell]) { rows.append(row) }

  var html: String {
    let isNumber = columns.indices.map { column in
      rows.first.map { column < $0.count && $0[column].isNumber } ?? false
    }
    var text = "<div class=\"scroll\"><table class=\"sortable\">"
    if let caption { text += "<caption>\(markup(caption))</caption>" }
    text += "<thead><tr>"
    for (column, name) in columns.enumerated() {
      text += "<th scope=\"col\"\(isNumber[column] ? " class=\"number\"" : "")>\(markup(name))</th>"
    }
    text += "</tr></thead>\n<tbody>\n"
    for row in rows {
      text += "<tr>"
      for (column, name) in columns.enumerated() {
        let cell = column < row.count ? row[column] : .text("")
        text += cell.html(label: name)
      }
      text += "</tr>\n"
    }
    return text + "</tbody></table></div>\n"
  }
}

extension PageTable.Cell {
  func html(label: String) -> String {
    let name = "data-label=\"\(markup(label))\""
    switch self {
    case .text(let words): return "<td \(name)>\(markup(words))</td>"
    case .place(let number):
      return "<td \(name) class=\"number place\" data-value=\"\(number)\">\(number)</td>"
    case .number(let words, let value):
      return "<td \(name) class=\"number\" data-value=\"\(sortable(value))\">\(markup(words))</td>"
    case .share(let share):
      guard share.isFinite else { return "<td \(name) class=\"number\" data-value=\"\">–</td>" }
      let width = pixel(min(1, max(0, share)) * 100)
      return
        "<td \(name) class=\"number\" data-value=\"\(share)\"><span class=\"meter\" aria-hidden=\"true\">"
        + "<span style=\"width:\(width)%\"></span></span> \(markup(percentWords(share)))</td>"
    case .lines(let lines):
      return "<td \(name) class=\"lines\">" + lines.map { "<div>\(markup($0))</div>" }.joined() + "</td>"
    case .mark(let word, let mood):
      return "<td \(name)><span class=\"badge \(mood.rawValue)\">\(markup(word))</span></td>"
    case .named(let title, let what):
      return "<td \(name)><strong>\(markup(title))</strong><div class=\"soft\">\(markup(what))</div></td>"
    }
  }

  private func sortable(_ value: Double) -> String { value.isFinite ? "\(value)" : "" }
}

/// `8.3 %`, `83 %`
func percentWords(_ share: Double) -> String {
  Axis("", format: .percent).words(share, step: share.magnitude < 0.0995 ? 0.001 : 0.01)
}
