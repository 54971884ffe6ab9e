import Foundation
import Testing

@testable import Reports

@Suite("The report")
struct RiskReportTests {
  private func report(_ members: [String], groups: [(String, Int)], nodes: Int = 10) -> RiskReport {
    var report = RiskReport(store: "shop", path: "shop.rg", madeAt: "today")
    report.nodes = [("merchant", nodes)]
    report.queue = .init(
      title: "queue 1", rows: members.map { .init(name: $0, members: [$0], probability: 0.5) })
    report.groups = groups.map { name, size in
      .init(name: name, members: (0..<size).map { "merchant:\($0)" }, suspicion: 0.6)
    }
    return report
  }

  @Test("what is missing is said with the command that brings it")
  func missing() throws {
    let html = try RiskReport(store: "shop", path: "shop.rg", madeAt: "today").page().html()
    for command in ["flag shop.rg", "train shop.rg", "communities shop.rg", "report shop.rg"] {
      #expect(html.contains("<code>riskgraph \(command)"), "\(command)")
    }
  }

  @Test("a report says what changed since the one that it finds in its place")
  func changes() throws {
    let before = report(["merchant:a", "merchant:b"], groups: [("C1", 3), ("C2", 4)])
    let found = try #require(ReportSummary(html: try before.page().html()))
    #expect(found == before.summary)
    let now = report(["merchant:b", "merchant:c"], groups: [("C1", 5), ("C3", 2)], nodes: 14)
    #expect(
      now.changes(since: found) == [
        "Nodes: merchant +4.", "New on the list, 1: merchant:c.", "No longer on it, 1: merchant:a.",
        "New groups, 1: C3 (2 members).", "Groups that grew or shrank, 1: C1 (3 → 5).",
        "Groups that are gone, 1: C2.",
      ])
    #expect(before.changes(since: found).isEmpty)
    #expect(try before.page(since: found).html().contains("<p>Nothing.</p>"))
  }

  @Test("a file that is no report is none, whatever it holds")
  func noReport() throws {
    let opening = "<script type=\"application/json\" id=\"riskgraph-report\">"
    for text in ["", "<html></html>", opening, opening + "{}</script>", opening + "[1,2]</script>"] {
      #expect(ReportSummary(html: text) == nil)
    }
  }

  @Test("a queue of one case, of none, and of more than are shown")
  func queues() throws {
    var one = report(["merchant:a"], groups: [])
    #expect(try one.page().html().contains("merchant:a"))
    one.queue?.rows = []
    one.queue?.count = 0
    #expect(try one.page().html().contains("a quiet day"))
    one.queue?.count = 12
    one.queue?.rows = [
      .init(name: "case:C1", members: (0..<9).map { "m:\($0)" }, probability: .nan, harm: .infinity)
    ]
    let html = try one.page().html()
    #expect(html.contains("And 11 more") && html.contains("and 5 more"))
  }
}
