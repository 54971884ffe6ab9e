/// What each line or colour stands for, in rows above the plot, where it can lie on nothing.
struct Legend {
  enum Mark { case line(Int), block(Int), paleBlock(Int), rule }

  struct Entry {
    let mark: Mark
    let name: String
  }

  private static let rowHeight = 18.0
  private let rows: [[(entry: Entry, words: String, x: Double)]]

  init(_ entries: [Entry], width: Double) {
    var rows: [[(entry: Entry, words: String, x: Double)]] = []
    var x = 4.0
    for entry in entries {
      let words = shortened(entry.name, to: width - 44, size: 12)
      let needed = 30 + textWidth(words, size: 12)
      if rows.isEmpty || x + needed > width {
        rows.append([])
        x = 4
      }
      rows[rows.count - 1].append((entry, words, x))
      x += needed + 14
    }
    self.rows = rows
  }

  var height: Double { rows.isEmpty ? 0 : Double(rows.count) * Legend.rowHeight + 4 }

  func draw(on canvas: inout Canvas, from top: Double) {
    for (row, entries) in rows.enumerated() {
      let y = top + Double(row) * Legend.rowHeight + 9
      for (entry, words, x) in entries {
        switch entry.mark {
        case .line(let series): canvas.line(x, y, x + 24, y, ChartStyle.line(series))
        case .block(let series):
          canvas.rect(x + 6, y - 5, 12, 10, "bar \(ChartStyle.colour(series))", round: 2)
        case .paleBlock(let series):
          canvas.rect(x + 6, y - 5, 12, 10, "bar pale \(ChartStyle.colour(series))", round: 2)
        case .rule: canvas.line(x, y, x + 24, y, "rule")
        }
        canvas.write(words, x + 30, y + 4, "name", tip: words == entry.name ? nil : entry.name)
      }
    }
  }
}
