// Which model is in use: of each target one version at most, named in a small file that is replaced whole.

import Foundation

extension ModelFolder {
  static let promoted = "promoted.json"

  private struct Promotion: Codable {
    var name: String
    var version: Int
  }

  /// The model that is used where nobody names one; nil where none was promoted.
  public func promotion(of target: String) -> (name: String, version: Int)? {
    guard let data = FileManager.default.contents(atPath: promotionFile(target)),
      let promotion = try? JSONDecoder().decode(Promotion.self, from: data)
    else { return nil }
    return (promotion.name, promotion.version)
  }

  public func promote(target: String, name: String, version: Int? = nil) throws {
    let known = versions(target: target, name: name)
    guard let number = version ?? known.last, known.contains(number) else {
      throw TaskError.noModel(
        name: "\(target)/\(name)" + (version.map { " version \($0)" } ?? ""),
        known: names().map { "\($0.target)/\($0.name)" })
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try encoder.encode(Promotion(name: name, version: number)).write(
      to: URL(fileURLWithPath: promotionFile(target)), options: .atomic)
  }

  /// The model that a text names: `merchant/gcn`, or `merchant` for the promoted one; nothing for the only one promoted.
  public func named(_ text: String?) throws -> (target: String, name: String) {
    let parts = text?.split(separator: "/", maxSplits: 1).map(String.init) ?? []
    if parts.count == 2 { return (parts[0], parts[1]) }
    let targets = parts.first.map { [$0] } ?? folders(path)
    let promoted = targets.compactMap { target in promotion(of: target).map { (target, $0.name) } }
    guard promoted.count == 1 else {
      throw TaskError.nothingPromoted(
        target: parts.first, known: names().map { "\($0.target)/\($0.name)" })
    }
    return promoted[0]
  }

  func promotionFile(_ target: String) -> String { "\(path)/\(target)/\(ModelFolder.promoted)" }
}
