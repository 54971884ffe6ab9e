import Compute
import Foundation
import Graph
import Testing

@testable import Marketplace

@Suite("a generated market")
struct GeneratorTests {
  static func make(_ options: GeneratorOptions, threads: Int = 2) throws -> Scratch {
    let scratch = Scratch()
    try Generator(options).write(to: scratch.path, parallel: Parallel(threads: threads))
    return scratch
  }

  @Test("is the same, byte for byte, on one thread and on four, and another with another seed")
  func determinism() throws {
    for format in GeneratorOptions.Format.allCases {
      var options = GeneratorOptions(scale: .tiny, format: format)
      let one = try GeneratorTests.make(options, threads: 1).contents
      let four = try GeneratorTests.make(options, threads: 4).contents
      #expect(one.count == MarketTable.allCases.count + 2)
      #expect(one == four)
      options.seed = Seed(8)
      let other = try GeneratorTests.make(options, threads: 2).contents
      #expect(one["orders.\(format.rawValue)"] != other["orders.\(format.rawValue)"])
    }
  }

  @Test(
    "has unique keys, edges between nodes that exist, and no event before its nodes or known before it happened"
  )
  func integrity() throws {
    let scratch = try GeneratorTests.make(GeneratorOptions(scale: .tiny, format: .csv))
    let schema = try Schema(file: scratch.file("schema.json"))
    #expect(schema == MarketSchema.schema)
    var appeared: [String: [String: String]] = [:]
    for type in schema.nodeTypes {
      let table = try CSVTable(scratch.file(type.table + ".csv"))
      #expect(Set(table["id"]).count == table.rows.count, "\(type.name) has a key twice")
      appeared[type.name] = Dictionary(uniqueKeysWithValues: zip(table["id"], table[type.clocks.happened!]))
    }
    for relation in schema.relations {
      let table = try CSVTable(scratch.file(relation.table + ".csv"))
      #expect(table.rows.count > 0, "\(relation.name) is empty")
      let happened = table[relation.clocks.happened!]
      let known = relation.clocks.known.map { table[$0] } ?? happened
      let ends = zip(table[relation.fromColumn], table[relation.toColumn])
      for ((from, to), (time, knownAt)) in zip(ends, zip(happened, known)) {
        let first = try #require(appeared[relation.from]![from], "\(relation.name) from \(from)")
        let second = try #require(appeared[relation.to]![to], "\(relation.name) to \(to)")
        // Times of one form sort as text.
        #expect(
          first <= time && second <= time,
          "\(relation.name) \(from) \(to) at \(time), nodes \(first) \(second)")
        #expect(time <= knownAt)
        #expect(knownAt < "2026-10-01")
      }
    }
  }

  @Test("knows labels after the deeds, for the risky as covered, and few of the innocent")
  func labels() throws {
    let scratch = try GeneratorTests.make(GeneratorOptions(scale: .nodes(20_000), format: .csv))
    let truth = try CSVTable(scratch.file("truth/nodes.csv"))
    var risky: [String: String] = [:]
    for row in truth.rows where row[0] == "merchant" && row[5] == "1" { risky[row[1]] = row[6] }
    let merchants = try CSVTable(scratch.file("merchant.csv"))
    #expect(risky.count == 96)  // 8 % of 1,200
    var found = 0
    var wronged = 0
    for (id, (label, known)) in zip(
      merchants["id"], zip(merchants["risk_label"], merchants["label_known_at"]))
    {
      #expect(label.isEmpty == known.isEmpty)
      guard label == "1" else { continue }
      if let start = risky[id] {
        found += 1
        #expect(start < known)
      } else {
        wronged += 1
      }
    }
    // Half are found in the end; some only after the tables end.
    #expect((20...60).contains(found))
    #expect(wronged < 25)
  }

  @Test("has only the typologies asked for, and the new one in the last quarter alone")
  func typologies() throws {
    let chosen = try GeneratorOptions.typologies(named: "phoenix, triangulation")
    let scratch = try GeneratorTests.make(
      GeneratorOptions(scale: .nodes(8_000), typologies: chosen, riskRate: 0.05, format: .csv))
    let rings = try CSVTable(scratch.file("truth/rings.csv"))
    #expect(Set(rings["typology"]) == ["phoenix", "triangulation"])
    for (kind, start) in zip(rings["typology"], rings["started_at"]) where kind == "triangulation" {
      #expect(start >= "2026-07-01")
    }
  }

  @Test("without risk has no ring, and without coverage no label of the risky")
  func extremes() throws {
    let quiet = try GeneratorTests.make(GeneratorOptions(scale: .tiny, riskRate: 0, format: .csv))
    #expect(try CSVTable(quiet.file("truth/rings.csv")).rows.isEmpty)
    let blind = try GeneratorTests.make(GeneratorOptions(scale: .tiny, labelCoverage: 0, format: .csv))
    #expect(try CSVTable(blind.file("merchant.csv"))["risk_label"].allSatisfy { $0.isEmpty })
  }

  @Test("is Datasets/sample, byte for byte")
  func sample() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = root.appendingPathComponent("Datasets/sample").path
    let made = try GeneratorTests.make(GeneratorOptions(scale: .tiny, format: .csv))
    var size = 0
    for (name, bytes) in made.contents {
      #expect(FileManager.default.contents(atPath: folder + "/" + name) == bytes, "\(name) differs")
      size += bytes.count
    }
    #expect(size < 1_000_000)
  }
}
