import Arguments

/// What a command found: for people as sentences, facts and tables, for programs as JSON. One of the two is printed.
///
/// Whatever it is given is shown with control characters written out, so data cannot steer the terminal.
struct Answer: Sendable {
  private enum Block: Sendable {
    case sentence(String)
    case heading(String)
    case facts([(String, String)])
    case table(TextTable)
    case verbatim(String)
  }

  var json: JSON
  /// The command did its work, and what it found is bad: exit status 1.
  var isFailure = false
  private var blocks: [Block] = []

  init(json: JSON) { self.json = json }

  /// A paragraph.
  mutating func say(_ text: String) { blocks.append(.sentence(text)) }
  mutating func heading(_ text: String) { blocks.append(.heading(text)) }
  /// Names and values, one a line, the values aligned.
  mutating func facts(_ facts: [(String, String)]) { blocks.append(.facts(facts)) }
  mutating func table(_ table: TextTable) { blocks.append(.table(table)) }
  /// Text of the program's own making, as it is.
  mutating func verbatim(_ text: String) { blocks.append(.verbatim(text)) }

  func text(width: Int) -> String {
    var result = ""
    var last: Block?
    for block in blocks {
      if Answer.isApart(block, after: last) { result += "\n" }
      result += Answer.text(of: block, width: width)
      last = block
    }
    return result
  }

  private static func isApart(_ block: Block, after last: Block?) -> Bool {
    switch (last, block) {
    case (nil, _), (.heading, _), (.sentence, .sentence): false
    default: true
    }
  }

  private static func text(of block: Block, width: Int) -> String {
    switch block {
    case .sentence(let text): return wrapped(visible(text), width: min(width, 110)) + "\n"
    case .heading(let text): return visible(text) + "\n"
    case .verbatim(let text): return text
    case .table(let table): return table.lines(width: width).map { $0 + "\n" }.joined()
    case .facts(let facts):
      let column = (facts.map { visible($0.0).displayWidth }.max() ?? 0) + 2
      return facts.map { name, value in
        let label = visible(name)
        let space = String(repeating: " ", count: column - label.displayWidth)
        let body = wrapped(visible(value), width: min(width, 110), indent: column).dropFirst(column)
        return label + space + body + "\n"
      }.joined()
    }
  }
}
