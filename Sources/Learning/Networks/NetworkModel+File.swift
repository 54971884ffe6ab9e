import Compute
import Foundation

extension NetworkModel {
  /// Writes the weights, with the architecture beside them: loading needs nothing else.
  public func write(to path: String) throws {
    try Safetensors(
      arrays: weights,
      metadata: [
        "architecture": try encoded(architecture), "best_epoch": String(bestEpoch),
        "best_metric": String(bestMetric), "history": try encoded(history),
      ]
    ).write(to: path)
  }

  /// Reads what `write` wrote; the scores of the model are the same to the bit.
  public init(readingFrom path: String) throws {
    let file = try Safetensors(readingFrom: path)
    self.init(
      architecture: try decoded(Architecture.self, "architecture", of: file, path),
      weights: file.arrays,
      bestEpoch: Int(file.metadata["best_epoch"] ?? "") ?? 0,
      bestMetric: Double(file.metadata["best_metric"] ?? "") ?? .nan,
      history: try decoded([EpochRecord].self, "history", of: file, path))
    try checkArchitecture(path)
    _ = try layers()
  }

  /// Sizes that no network has would trap, or ask for all memory.
  private func checkArchitecture(_ path: String) throws(WeightFileError) {
    let a = architecture
    let sizes = [a.inputs, a.classes, a.hidden, a.heads]
    guard sizes.allSatisfy({ $0 >= 1 && $0 <= 1 << 20 }), (0...64).contains(a.depth), a.dropout >= 0,
      a.dropout < 1,
      a.depth >= 1 || a.kind == .mlp || a.kind == .sgc || a.kind == .logistic
    else { throw .damaged(path: path, reason: "its architecture has sizes that no network has") }
    if let sources = a.sources {
      guard !sources.isEmpty, sources.allSatisfy({ $0.columns >= 1 && $0.columns <= 1 << 20 }),
        sources.reduce(0, { $0 + $1.columns }) == a.inputs
      else { throw .damaged(path: path, reason: "its sources do not make up its columns") }
    }
  }
}

func encoded(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

func decoded<Value: Decodable>(
  _ type: Value.Type, _ name: String, of file: Safetensors, _ path: String
) throws(WeightFileError) -> Value {
  guard let text = file.metadata[name] else { throw .missing(path: path, what: "its \(name)") }
  guard let value = try? JSONDecoder().decode(type, from: Data(text.utf8)) else {
    throw .damaged(path: path, reason: "its \(name) cannot be understood")
  }
  return value
}
