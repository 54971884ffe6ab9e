import Arguments
import Testing

@Suite("Text on a terminal")
struct TerminalTextTests {
  @Test(
    "control characters, turns of direction and invisible marks are written out, letters stay",
    arguments: [
      ("M42", "M42"), ("müller 店", "müller 店"), ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
      ("\u{1B}[31mred", "\\u{1B}[31mred"), ("\u{9B}2J", "\\u{9B}2J"), ("\u{202E}gnp.exe", "\\u{202E}gnp.exe"),
      ("a\u{200B}b", "a\\u{200B}b"), ("\u{7F}", "\\u{7F}"), ("👩‍👩‍👧", "👩‍👩‍👧"),
    ])
  func visibleText(text: String, shown: String) {
    #expect(visible(text) == shown)
  }

  @Test(
    "wide characters take two columns, combining marks none",
    arguments: [("abc", 3), ("店舗", 4), ("e\u{301}", 1), ("👍", 2), ("한국", 4), ("", 0), ("−5 µs", 5)])
  func widths(text: String, width: Int) {
    #expect(text.displayWidth == width)
  }

  @Test("lines are broken between words, never wider than asked unless a word is")
  func wrapping() {
    #expect(wrapped("one two three four", width: 9) == "one two\nthree\nfour")
    #expect(wrapped("one two three", width: 9, indent: 2) == "  one two\n  three")
    #expect(wrapped("usage: one two", width: 10, hanging: 7) == "usage: one\n       two")
    #expect(wrapped("unbreakable", width: 5) == "unbreakable")
    #expect(wrapped("a\n\n  b   c", width: 20) == "a\n\n  b   c")
  }

  @Test("columns are as wide as their widest cell, numbers to the right, and cut only where the width ends")
  func tables() {
    var table = TextTable(["type", "nodes", "says"])
    table.add(["merchant", "1,204", "who sells"])
    table.add(["店", "7", "short"])
    #expect(
      table.lines(width: 80) == [
        "type      nodes  says", "merchant  1,204  who sells", "店            7  short",
      ])
    var long = TextTable(["key", "text"])
    long.add(["M1", String(repeating: "x", count: 50)])
    #expect(long.lines(width: 24) == ["key  text", "M1   " + String(repeating: "x", count: 18) + "…"])
    var dates = TextTable(["when", "x"])
    dates.add(["2026-03-01", "1"])
    #expect(dates.lines(width: 80)[0] == "when        x")
  }

  @Test(
    "bytes, seconds and rates have three digits and the unit that suits them",
    arguments: [
      (humanBytes(512), "512 B"), (humanBytes(999_600), "1.00 MB"), (humanBytes(1_500_000_000), "1.50 GB"),
      (humanSeconds(85e-9), "85.0 ns"), (humanSeconds(0.0015), "1.50 ms"), (humanSeconds(12.34), "12.3 s"),
      (humanSeconds(125), "2 min 5 s"), (humanSeconds(0), "0 s"), (humanSeconds(.nan), "–"),
      (humanRate(31_404_556, "edges/s"), "31.4 M edges/s"), (humanRate(12, "B/s"), "12.0 B/s"),
    ])
  func numbers(text: String, expected: String) {
    #expect(text == expected)
  }
}
