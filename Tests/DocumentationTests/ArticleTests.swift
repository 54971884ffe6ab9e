import Foundation
import Testing

/// Articles lie beside the sources, in `Sources/X/X.docc`; their examples are those of `Examples.swift`.
@Suite("Articles")
struct ArticleTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let modules = [
    "Arguments", "Communities", "Compute", "Features", "Governance", "Graph", "Learning", "Marketplace",
    "Reports",
    "Store", "Tables",
  ]

  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    .filter { !$0.isEmpty }
  }

  @Test("every module has an article, with an example that is compiled as it stands", arguments: modules)
  func examples(_ module: String) throws {
    let path = Self.root.appendingPathComponent("Sources/\(module)/\(module).docc/\(module).md")
    let article = try String(contentsOf: path, encoding: .utf8)
    #expect(article.hasPrefix("# ``\(module)``\n"))
    let blocks = article.matches(of: /```swift\n((?:.|\n)*?)```/).map { lines(String($0.output.1)) }
    #expect(!blocks.isEmpty, "\(module) shows no example")
    let examples = Self.root.appendingPathComponent("Tests/DocumentationTests/Examples.swift")
    let compiled = lines(try String(contentsOf: examples, encoding: .utf8))
    for block in blocks {
      let starts = compiled.indices.filter { compiled[$0] == block.first }
      let isThere = starts.contains { compiled[$0...].prefix(block.count).elementsEqual(block) }
      #expect(isThere, "\(module)'s example is not the one that is compiled: \(block)")
    }
  }

  @Test("what an article names in double ticks is a name in its module", arguments: modules)
  func symbols(_ module: String) throws {
    let folder = Self.root.appendingPathComponent("Sources/\(module)")
    let article = try String(
      contentsOf: folder.appendingPathComponent("\(module).docc/\(module).md"), encoding: .utf8)
    var sources = ""
    for case let file as URL in FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)!
    where file.pathExtension == "swift" { sources += try String(contentsOf: file, encoding: .utf8) }
    let prose = article.replacing(/```(?:.|\n)*?```/, with: "")
    for match in prose.matches(of: /``([A-Za-z]+)[^`]*``/) {
      let name = String(match.output.1)
      guard name != module else { continue }
      let pattern = try Regex("(struct|class|enum|protocol|func|typealias|actor) \(name)\\b")
      #expect(sources.contains(pattern), "\(module) has no \(name)")
    }
  }

  @Test("every file that the guide names is there")
  func guide() throws {
    let path = Self.root.appendingPathComponent("Sources/riskgraph/riskgraph.docc/riskgraph.md")
    let guide = try String(contentsOf: path, encoding: .utf8)
    let named = guide.matches(of: /`((?:Sources|Tests|Scripts|Datasets)\/[A-Za-z0-9_+\/.-]+)`/)
    #expect(named.count > 15)
    for match in named {
      let file = Self.root.appendingPathComponent(String(match.output.1))
      #expect(FileManager.default.fileExists(atPath: file.path), "\(match.output.1)")
    }
  }
}
