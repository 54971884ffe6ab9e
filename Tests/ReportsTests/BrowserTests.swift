import Foundation
import Testing

@testable import Reports

/// What a real browser makes of a report.
@Suite("A report in a browser", .enabled(if: Browser.isThere), .serialized)
struct BrowserTests {
  /// Each would change the page's title if a browser took it for more than text.
  static let attacks = [
    "<script>document.title='taken'</script>", "\"><img src=x onerror=\"document.title='taken'\">",
    "'><svg onload=\"document.title='taken'\">",
    "</title></style></script><script>document.title='taken'</script>",
    "javascript:document.title='taken'", "<!--<script>document.title='taken'//",
    "\u{1B}]0;taken\u{7}\u{202E}",
    "]]><script>document.title='taken'</script>",
    "<iframe srcdoc=\"<script>parent.document.title='taken'</script>\">",
  ]

  static func report(names: [String]) throws -> Page {
    var report = RiskReport(store: "shop", path: "shop.rg", madeAt: "2026-06-01 07:00 UTC")
    report.nodes = names.map { ($0, 3) }
    report.edges = names.map { ($0, 4) }
    report.queue = .init(
      title: names[0],
      rows: names.enumerated().map { place, name in
        .init(
          name: name, members: [name, name], probability: 1 - 0.1 * Double(place), harm: 100 * Double(place),
          reasons: [name], state: name)
      }, remarks: names)
    report.queue?.states = names.map { ($0, 2) }
    report.groups = names.enumerated().map {
      .init(name: $1, members: [$1], suspicion: 0.9 - 0.05 * Double($0), reasons: [$1])
    }
    report.groupRemark = names[0]
    return try report.page(since: report.summary)
  }

  @Test("no name runs as script, becomes an element, or changes the page", .timeLimit(.minutes(5)))
  func attacks() throws {
    let html = try BrowserTests.report(names: BrowserTests.attacks).html()
    let document = try Browser.document(of: html)
    #expect(document.contains("<title>Risk report: shop</title>"), "the title is as it was")
    for element in ["<img", "<iframe"] { #expect(!document.contains(element)) }
    #expect(document.ranges(of: "<script").count == 2, "the data and the sorting")
    // The same page without its policy: what is escaped must not need it.
    let bare = html.replacing(/<meta http-equiv[^>]*>/, with: "")
    #expect(bare.count < html.count)
    #expect(try Browser.document(of: bare).contains("<title>Risk report: shop</title>"))
    // Nor has any element an attribute that would run.
    let count =
      "<script>document.title=document.querySelectorAll('img,iframe,[onload],[onerror],[srcdoc]').length"
      + "+' found'</script></body>"
    #expect(
      try Browser.document(of: bare.replacing("</body>", with: count)).contains("<title>0 found</title>"))
  }

  @Test(
    "the page's script may run, and makes heads of tables into buttons that sort", .timeLimit(.minutes(5)))
  func sorting() throws {
    let html = try BrowserTests.report(names: ["first", "second", "third"]).html()
    // A click, as a user would do it: the third has the most harm and comes first then.
    let click =
      "<script>var h=Array.from(document.querySelectorAll('th')).find(function(h){return h.textContent==='Expected harm'});"
      + "h.querySelector('button').click();"
      + "document.title=h.closest('table').tBodies[0].rows[0].cells[1].querySelector('strong').textContent"
      + "+' '+h.getAttribute('aria-sort')</script></body>"
    let clicked = html.replacing(/<meta http-equiv[^>]*>/, with: "").replacing("</body>", with: click)
    #expect(try Browser.document(of: clicked).contains("<title>third descending</title>"))
    // And the policy lets it run.
    #expect(try Browser.document(of: html).contains("<button type=\"button\">Probability</button>"))
  }

  @Test(
    "nothing is wider than the screen, on a desk or a telephone", .timeLimit(.minutes(5)),
    arguments: [1280, 500])
  func widths(_ width: Int) throws {
    let long = "merchant:" + String(repeating: "long", count: 60)
    let html = try BrowserTests.report(names: [long, "a", "b"]).html()
    let measure =
      "<script>document.title=document.documentElement.scrollWidth+' of '+window.innerWidth</script></body>"
    let measured = html.replacing(/<meta http-equiv[^>]*>/, with: "").replacing("</body>", with: measure)
    let document = try Browser.document(of: measured, width: width)
    let found = try #require(document.firstMatch(of: /<title>([0-9]+) of ([0-9]+)</))
    #expect(Int(found.output.1)! <= Int(found.output.2)!, "\(found.output.0)")
  }

  @Test("it can be printed, and pictured light and dark", .timeLimit(.minutes(5)))
  func printing() throws {
    let folder =
      ProcessInfo.processInfo.environment["RISKGRAPH_PICTURES"]
      ?? NSTemporaryDirectory() + "riskgraph-print-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let html = PageTests.page(named: "A page").html()
    try Browser.print(html, to: folder + "/page.pdf")
    let start = try Data(contentsOf: URL(fileURLWithPath: folder + "/page.pdf")).prefix(5)
    #expect(start.elementsEqual("%PDF-".utf8))
    for isDark in [false, true] {
      let file = folder + "/page-\(isDark ? "dark" : "light").png"
      try Browser.picture(of: html, to: file, width: 900, height: 900, isDark: isDark)
      #expect(FileManager.default.fileExists(atPath: file))
    }
    if ProcessInfo.processInfo.environment["RISKGRAPH_PICTURES"] == nil {
      try FileManager.default.removeItem(atPath: folder)
    }
  }
}
