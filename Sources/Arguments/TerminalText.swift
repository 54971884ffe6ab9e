// Text as a terminal shows it: how wide it is, where it breaks, and nothing in it that could steer the terminal.

/// The text with every control character written out, so that data cannot move the cursor, colour the screen or
/// reverse what is read: an escape becomes `\u{1B}`, a line's end `\n`.
///
/// Also the marks that turn writing direction, and those that are nowhere seen. Costs one pass; plain text comes back as it is.
public func visible(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: { isHidden($0) }) else { return text }
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case "\r": result += "\\r"
    case let scalar where isHidden(scalar):
      result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
  switch scalar.properties.generalCategory {
  case .control, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: return true
  // Of the format characters the joiner, which emoji need, is let through.
  case .format: return scalar.value != 0x200D
  default: return false
  }
}

extension String {
  /// How many columns of a terminal the text takes: two for wide characters, none for combining marks.
  public var displayWidth: Int {
    utf8.allSatisfy { $0 < 0x80 } ? utf8.count : reduce(0) { $0 + columns(of: $1) }
  }
}

private func columns(of character: Character) -> Int {
  guard let first = character.unicodeScalars.first else { return 0 }
  switch first.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .control, .format: return 0
  default: break
  }
  if first.properties.isEmojiPresentation || character.unicodeScalars.contains("\u{FE0F}") { return 2 }
  switch first.value {
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
    0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
    return 2
  default: return 1
  }
}

/// The text in lines of at most `width` columns, broken between words; a longer word stands alone. Line breaks in the
/// text stay, and a line that starts with spaces keeps them. `hanging` indents the lines of a broken one by more.
public func wrapped(_ text: String, width: Int, indent: Int = 0, hanging: Int = 0) -> String {
  var lines: [String] = []
  for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
    let margin = paragraph.prefix { $0 == " " }.count
    let whole = String(repeating: " ", count: indent) + paragraph
    if whole.displayWidth <= width, !paragraph.isEmpty {
      lines.append(whole)
      continue
    }
    var line = String(repeating: " ", count: indent + margin)
    var isEmpty = true
    for word in paragraph.split(separator: " ").map(String.init) {
      if !isEmpty, line.displayWidth + 1 + word.displayWidth > width {
        lines.append(line)
        line = String(repeating: " ", count: indent + margin + hanging)
        isEmpty = true
      }
      if !isEmpty { line += " " }
      line += word
      isEmpty = false
    }
    lines.append(isEmpty ? "" : line)
  }
  return lines.joined(separator: "\n")
}
