import Compute
import Foundation
import Testing

@testable import Marketplace

@Suite("a market that cannot be made")
struct BadInputTests {
  @Test("an unknown typology or scale is answered with the nearest")
  func names() {
    let typology = #expect(throws: MarketplaceError.self) {
      try GeneratorOptions.typologies(named: "brushing,fenix")
    }
    #expect(typology?.description.contains("Did you mean \"phoenix\"?") == true)
    let scale = #expect(throws: MarketplaceError.self) { try GeneratorOptions.scale(named: "meduim") }
    #expect(scale?.description.contains("Did you mean \"medium\"?") == true)
  }

  @Test("rates and sizes that cannot be are refused by name", arguments: [-0.1, 0.41, 1.5, .nan, .infinity])
  func rates(_ rate: Double) {
    let error = #expect(throws: MarketplaceError.self) { try Generator(GeneratorOptions(riskRate: rate)) }
    #expect(error?.description.hasPrefix("--risk-rate") == true)
    if rate < 0 || rate > 1 || !rate.isFinite {
      #expect(throws: MarketplaceError.self) { try Generator(GeneratorOptions(labelCoverage: rate)) }
    }
    #expect(throws: MarketplaceError.impossibleSize(nodes: 3)) {
      try Generator(GeneratorOptions(scale: .nodes(3)))
    }
  }

  @Test("a folder that is not empty, and a file, are refused and left as they are")
  func folder() throws {
    let scratch = Scratch()
    try FileManager.default.createDirectory(atPath: scratch.path, withIntermediateDirectories: true)
    try "mine".write(toFile: scratch.file("mine.txt"), atomically: true, encoding: .utf8)
    let generator = try Generator(GeneratorOptions(scale: .tiny))
    #expect(throws: MarketplaceError.folderNotEmpty(path: scratch.path)) {
      try generator.write(to: scratch.path)
    }
    #expect(throws: MarketplaceError.notAFolder(path: scratch.file("mine.txt"))) {
      try generator.write(to: scratch.file("mine.txt"))
    }
    #expect(scratch.contents.count == 1)
  }

  @Test("when it is stopped, or a folder cannot be made, nothing stays behind")
  func stopped() throws {
    let scratch = Scratch()
    let stop = StopRequest()
    stop.stop()
    let generator = try Generator(GeneratorOptions(scale: .tiny))
    #expect(throws: MarketplaceError.stopped) { try generator.write(to: scratch.path, stop: stop) }
    #expect(!FileManager.default.fileExists(atPath: scratch.path))
    #expect(throws: MarketplaceError.self) { try generator.write(to: "/dev/null/market") }
  }
}
