import Foundation
import Testing

@testable import Reports

@Suite("Pages")
struct PageTests {
  static func page(named name: String) -> Page {
    var page = Page(title: name, subtitle: name)
    page.tiles = [.init(name, name, remark: name, mood: .bad)]
    page.footer = name
    page.hiddenJSON = "{\"name\": \"</script><script>alert(1)</script>\"}"
    var table = PageTable([name, "number", "share"], caption: name)
    table.add([.text(name), .number(name, 3), .share(0.25)])
    table.add([.lines([name, name]), .number("–", .nan), .share(.nan)])
    table.add([.named(name, name), .mark(name, .warn)])
    page.add(
      PageSection(
        id: name, title: name,
        blocks: [
          .say(name), .heading(name), .list([name]), .facts([(name, name)]), .table(table),
          .charts(ChartTests.charts(named: name)), .missing(name, command: name), .warning(name),
          .cards([PageCard(title: name, badge: name, blocks: [.say(name)])]),
        ]))
    return page
  }

  @Test("no name opens an element, ends an attribute or steers what is read", arguments: ChartTests.hostile)
  func hostile(_ name: String) {
    let html = PageTests.page(named: name).html()
    let plain = PageTests.page(named: "plain").html()
    // As many elements of each kind as with a harmless name, and no others.
    func tags(_ html: String) -> [String: Int] {
      html.matches(of: /<[\/a-z!][a-z0-9]*/).reduce(into: [:]) { $0[String($1.output), default: 0] += 1 }
    }
    var (own, expected) = (tags(html), tags(plain))
    // A name that is cut short shows the whole in a tip, one that is empty leaves out what it would name, and a long one
    // leaves less room for the lines of a grid.
    for tag in ["<title", "</title", "<text", "</text", "<p", "</p", "<span", "</span", "<line"] {
      (own[tag], expected[tag]) = (nil, nil)
    }
    #expect(own == expected)
    #expect(
      !html.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || (0x202A...0x202E).contains($0.value) })
  }

  @Test("the page's policy names its one script, and nothing is fetched")
  func policy() throws {
    let html = PageTests.page(named: "x").html()
    #expect(html.contains("default-src 'none'") && html.contains("script-src '\(SortScript.hash)'"))
    let own = html.replacing("http://www.w3.org/2000/svg", with: "")
    for outside in ["http:", "https:", "src=", "url(", "@import", "<link"] { #expect(!own.contains(outside)) }
    let sum = Process()
    sum.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
    let (input, output) = (Pipe(), Pipe())
    (sum.standardInput, sum.standardOutput) = (input, output)
    try sum.run()
    input.fileHandleForWriting.write(Data(SortScript.source.utf8))
    try input.fileHandleForWriting.close()
    let hex = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).prefix(64)
    let bytes = stride(from: 0, to: 64, by: 2).compactMap {
      UInt8(hex.dropFirst($0).prefix(2), radix: 16)
    }
    #expect(SortScript.hash == "sha256-" + Data(bytes).base64EncodedString())
  }

  @Test("what is hidden for programs comes back as it was, whatever it holds")
  func hidden() throws {
    var page = Page(title: "t")
    let value = ["</script><script>alert(1)</script>", "a&b", "\u{2028}<!--"]
    page.hiddenJSON = String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    let html = page.html()
    let document = try #require(HiddenJSON.document(in: html))
    #expect(!document.contains("<"))
    #expect(try JSONDecoder().decode([String].self, from: Data(document.utf8)) == value)
    #expect(HiddenJSON.document(in: "<html></html>") == nil)
  }
}
