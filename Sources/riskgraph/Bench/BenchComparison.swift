import Arguments
import Foundation

/// An earlier run of the same bench, to compare with.
///
/// A measurement counts as slower or faster only where the two runs' spreads do not overlap: noise is no news.
struct BenchComparison: Sendable {
  private struct Past: Decodable {
    struct Measurement: Decodable {
      struct Seconds: Decodable { let median, fastest, slowest: Double }
      let what: String
      let seconds: Seconds
    }
    let measurements: [Measurement]
  }

  private let past: Past

  init(file: String) throws {
    guard let data = FileManager.default.contents(atPath: file) else { throw BenchError.noFile(file) }
    do {
      past = try JSONDecoder().decode(Past.self, from: data)
    } catch {
      throw BenchError.notOurs(file)
    }
  }

  func table(of measurements: [Bench.Measurement]) -> TextTable {
    var table = TextTable(
      ["compared", "before", "now", "change"], alignments: [.leading, .trailing, .trailing, .leading])
    for now in measurements {
      guard let before = past.measurements.first(where: { $0.what == now.what })?.seconds else {
        table.add([now.what, "", humanSeconds(now.median), "new"])
        continue
      }
      let ratio = now.median / before.median
      let verdict =
        if now.fastest > before.slowest {
          "slower: \(threeDigits(ratio)) × the time"
        } else if now.slowest < before.fastest { "faster: \(threeDigits(ratio)) × the time" } else {
          "within the noise"
        }
      table.add([now.what, humanSeconds(before.median), humanSeconds(now.median), verdict])
    }
    return table
  }
}

enum BenchError: Error, CustomStringConvertible {
  case noFile(String)
  case notOurs(String)

  var description: String {
    switch self {
    case .noFile(let file): "\(file) cannot be read. Write one with: riskgraph bench … --json > \(file)"
    case .notOurs(let file): "\(file) is not what riskgraph bench … --json writes."
    }
  }
}
