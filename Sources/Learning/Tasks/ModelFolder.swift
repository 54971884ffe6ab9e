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
  ///
  /// What was fitted without the graph goes with it, so that both can be judged later.
  @discardableResult
  public func save(_ model: TrainedModel, name: String, withoutGraph: TrainedModel? = nil) throws -> Int {
    let home = "\(path)/\(model.card.target)/\(name)"
    let files = FileManager.default
    try files.createDirectory(atPath: home, withIntermediateDirectories: true)
    let version = (versions(target: model.card.target, name: name).last ?? 0) + 1
    let draft = "\(home)/.draft-\(ProcessInfo.processInfo.processIdentifier)"
    try? files.removeItem(atPath: draft)
    try ModelFolder.write(model, version: version, to: draft)
    if let withoutGraph {
      try ModelFolder.write(withoutGraph, version: version, to: "\(draft)/\(ModelFolder.plain)")
    }
    try files.moveItem(atPath: draft, toPath: "\(home)/\(version)")
    return version
  }

  private static let plain = "without-graph"

  private static func write(_ model: TrainedModel, version: Int, to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var card = model.card
    card.version = version
    for (part, body) in zip(card.parts, model.bodies) {
      switch body {
      case .trees(let trees):
        for (member, bytes) in try trees.serialized().enumerated() {
          try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + ModelFolder.file(part.file, member)))
        }
      case .network(let network): try network.write(to: "\(folder)/\(part.file)")
      case .propagation: break  // Its settings stand in the card.
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(card).write(to: URL(fileURLWithPath: "\(folder)/card.json"))
  }

  /// The version asked for, else the promoted one, else the newest. Its scores are those of the model that was saved,
  /// to the bit.
  public func load(target: String, name: String, version: Int? = nil) throws -> TrainedModel {
    try ModelFolder.read(folder(target: target, name: name, version: version))
  }

  /// The same model without the graph, where it was kept.
  public func loadWithoutGraph(target: String, name: String, version: Int? = nil) throws -> TrainedModel? {
    let folder = try folder(target: target, name: name, version: version) + "/" + ModelFolder.plain
    guard FileManager.default.fileExists(atPath: folder) else { return nil }
    return try ModelFolder.read(folder)
  }

  private func folder(target: String, name: String, version: Int?) throws -> String {
    let known = versions(target: target, name: name)
    let promoted = promotion(of: target).flatMap { $0.name == name ? $0.version : nil }
    guard let number = version ?? promoted ?? known.last, known.contains(number) else {
      throw TaskError.noModel(
        name: "\(target)/\(name)" + (version.map { " version \($0)" } ?? ""),
        known: names().map { "\($0.target)/\($0.name)" })
    }
    return "\(path)/\(target)/\(name)/\(number)"
  }

  private static func read(_ folder: String) throws -> TrainedModel {
    let card: ModelCard
    do {
      card = try JSONDecoder().decode(
        ModelCard.self, from: try Data(contentsOf: URL(fileURLWithPath: "\(folder)/card.json")))
    } catch {
      throw TaskError.damagedModel(path: "\(folder)/card.json", reason: "it is missing or no card")
    }
    let bodies = try card.parts.map { part -> TrainedModel.Body in
      if let propagation = part.propagation { return .propagation(propagation) }
      guard let settings = part.trees else {
        return .network(try NetworkModel(readingFrom: "\(folder)/\(part.file)"))
      }
      var files: [[UInt8]] = []
      for member in 0..<max(1, settings.repeats) {
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
    folders(path).flatMap { target in
      folders("\(path)/\(target)").filter { !versions(target: target, name: $0).isEmpty }.map { (target, $0) }
    }
  }

  public func versions(target: String, name: String) -> [Int] {
    folders("\(path)/\(target)/\(name)").compactMap { Int($0) }.sorted()
  }

  public func remove(target: String, name: String, version: Int) throws {
    guard versions(target: target, name: name).contains(version) else {
      throw TaskError.noModel(
        name: "\(target)/\(name) version \(version)", known: names().map { "\($0.target)/\($0.name)" })
    }
    if promotion(of: target).map({ $0 == (name, version) }) == true {
      try FileManager.default.removeItem(atPath: promotionFile(target))
    }
    try FileManager.default.removeItem(atPath: "\(path)/\(target)/\(name)/\(version)")
    if versions(target: target, name: name).isEmpty {
      try FileManager.default.removeItem(atPath: "\(path)/\(target)/\(name)")
    }
  }

  func folders(_ path: String) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return all.filter { !$0.hasPrefix(".") && $0 != ModelFolder.promoted }.sorted()
  }

  private static func file(_ name: String, _ member: Int) -> String {
    member == 0 ? name : "\(member + 1)-\(name)"
  }
}
