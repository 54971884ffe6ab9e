// Models on disk: `models/<target>/<name>/<version>/` with the weights and `card.json`. A version never changes.

import Compute
import Foundation

/// The models in a folder.
///
///     let models = ModelFolder(path: "shop.rg/models")
///     let version = try models.save(model, name: "trees")
///     let same = try models.load(target: "merchant", name: "trees")
public struct ModelFolder: Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  /// Writes a new version beside, then renames it: a crash leaves none or all of it. Returns its number.
  @discardableResult
  public func save(_ model: TrainedModel, name: String) throws -> Int {
    let home = "\(path)/\(model.card.target)/\(name)"
    let files = FileManager.default
    try files.createDirectory(atPath: home, withIntermediateDirectories: true)
    let version = (versions(target: model.card.target, name: name).last ?? 0) + 1
    var card = model.card
    card.version = version
    let draft = "\(home)/.draft-\(ProcessInfo.processInfo.processIdentifier)"
    try? files.removeItem(atPath: draft)
    try files.createDirectory(atPath: draft, withIntermediateDirectories: true)
    for (part, body) in zip(card.parts, model.bodies) {
      switch body {
      case .trees(let trees):
        for (member, bytes) in try trees.serialized().enumerated() {
          try Data(bytes).write(to: URL(fileURLWithPath: draft + "/" + ModelFolder.file(part.file, member)))
        }
      case .network(let network): try network.write(to: "\(draft)/\(part.file)")
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(card).write(to: URL(fileURLWithPath: "\(draft)/card.json"))
    try files.moveItem(atPath: draft, toPath: "\(home)/\(version)")
    return version
  }

  /// The newest version, or the one asked for. Its scores are those of the model that was saved, to the bit.
  public func load(target: String, name: String, version: Int? = nil) throws -> TrainedModel {
    let known = versions(target: target, name: name)
    guard let number = version ?? known.last, known.contains(number) else {
      throw TaskError.noModel(
        name: "\(target)/\(name)" + (version.map { " version \($0)" } ?? ""),
        known: names().map { "\($0.target)/\($0.name)" })
    }
    let folder = "\(path)/\(target)/\(name)/\(number)"
    let card: ModelCard
    do {
      card = try JSONDecoder().decode(
        ModelCard.self, from: try Data(contentsOf: URL(fileURLWithPath: "\(folder)/card.json")))
    } catch {
      throw TaskError.damagedModel(path: "\(folder)/card.json", reason: "it is missing or no card")
    }
    let bodies = try card.parts.map { part -> TrainedModel.Body in
      if part.trees == nil { return .network(try NetworkModel(readingFrom: "\(folder)/\(part.file)")) }
      var files: [[UInt8]] = []
      for member in 0..<max(1, part.trees!.repeats) {
        let file = "\(folder)/\(ModelFolder.file(part.file, member))"
        guard let data = FileManager.default.contents(atPath: file) else {
          throw TaskError.damagedModel(path: file, reason: "the file is missing")
        }
        files.append([UInt8](data))
      }
      return .trees(
        try TreesModel(
          serialized: files, classes: max(2, card.classNames.count), columnNames: part.featureNames))
    }
    return TrainedModel(card: card, bodies: bodies)
  }

  /// All models by name, in order.
  public func names() -> [(target: String, name: String)] {
    folders(path).flatMap { target in folders("\(path)/\(target)").map { (target, $0) } }
  }

  public func versions(target: String, name: String) -> [Int] {
    folders("\(path)/\(target)/\(name)").compactMap { Int($0) }.sorted()
  }

  public func remove(target: String, name: String, version: Int) throws {
    guard versions(target: target, name: name).contains(version) else {
      throw TaskError.noModel(
        name: "\(target)/\(name) version \(version)", known: names().map { "\($0.target)/\($0.name)" })
    }
    try FileManager.default.removeItem(atPath: "\(path)/\(target)/\(name)/\(version)")
  }

  private func folders(_ path: String) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return all.filter { !$0.hasPrefix(".") }.sorted()
  }

  private static func file(_ name: String, _ member: Int) -> String {
    member == 0 ? name : "\(member + 1)-\(name)"
  }
}
