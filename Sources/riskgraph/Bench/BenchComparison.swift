import Arguments
import Compute
import Foundation

/// An earlier run of the same bench, to compare with.
///
/// A measurement counts as slower or faster only where the two runs' spreads do not overlap: noise is no news. Fewer than
/// three runs do not show their spread; a tenth is taken for it then.
struct BenchComparison: Sendable {
  enum Verdict: String, Sendable { case slower, faster, noise, new }

  struct Change: Sendable {
    let what: String
    let before: Double?
    let now: Double
    let verdict: Verdict
    /// How the memory held at most has changed, as a ratio.
    let memory: Double?

    var ratio: Double? { before.map { now / $0 } }

    var words: String {
      switch verdict {
      case .slower, .faster: "\(verdict.rawValue): \(threeDigits(ratio!)) × the time"
      case .noise: "within the noise"
      case .new: "new"
      }
    }

    var json: JSON {
      [
        "what": JSON(what), "before": JSON(before), "now": JSON(now), "ratio": JSON(ratio),
        "verdict": JSON(verdict.rawValue), "memoryRatio": JSON(memory),
      ]
    }
  }

  private struct Past: Decodable {
    struct Measurement: Decodable {
      struct Seconds: Decodable { let median: Double, all: [Double] }
      let what: String
      let seconds: Seconds
      let peakBytes: Int?
    }
    struct Machine: Decodable { let readGBs: Double, sgemmGFLOPs: Double }
    let machine: Machine
    let measurements: [Measurement]
  }

  private let past: Past

  init(file: String) throws {
    guard let data = FileManager.default.contents(atPath: file) else { throw BenchError.noFile(file) }
    try self.init(data, name: file)
  }

  init(_ data: Data, name: String) throws {
    do {
      past = try JSONDecoder().decode(Past.self, from: data)
    } catch {
      throw BenchError.notOurs(name)
    }
  }

  func changes(to measurements: [Bench.Measurement]) -> [Change] {
    measurements.map { now in
      guard let before = past.measurements.first(where: { $0.what == now.what }) else {
        return Change(what: now.what, before: nil, now: now.median, verdict: .new, memory: nil)
      }
      let (then, today) = (spread(before.seconds.all), spread(now.seconds))
      let verdict: Verdict =
        if today.lowerBound > then.upperBound {
          .slower
        } else if today.upperBound < then.lowerBound { .faster } else { .noise }
      var memory: Double?
      if let held = now.peakBytes, let once = before.peakBytes, once > 0 {
        memory = Double(held) / Double(once)
      }
      return Change(
        what: now.what, before: before.seconds.median, now: now.median, verdict: verdict, memory: memory)
    }
  }

  private func spread(_ seconds: [Double]) -> ClosedRange<Double> {
    let (least, most) = (seconds.min() ?? 0, seconds.max() ?? 0)
    return seconds.count < 3 ? least * 0.9...most * 1.1 : least...most
  }

  func table(of measurements: [Bench.Measurement]) -> TextTable {
    var table = TextTable(
      ["compared", "before", "now", "change", "memory"],
      alignments: [.leading, .trailing, .trailing, .leading, .trailing])
    for one in changes(to: measurements) {
      // What the system counts as held varies by some percent from run to run.
      let memory = one.memory.flatMap { abs($0 - 1) > 0.1 ? "\(threeDigits($0)) ×" : nil } ?? ""
      table.add([
        one.what, one.before.map { humanSeconds($0) } ?? "", humanSeconds(one.now), one.words, memory,
      ])
    }
    return table
  }

  /// Nil where the machine gives what it gave before.
  func machineRemark(_ limits: MachineLimits) -> String? {
    let read = limits.readGBs / past.machine.readGBs
    let products = limits.sgemmGFLOPs / past.machine.sgemmGFLOPs
    guard abs(read - 1) > 0.1 || abs(products - 1) > 0.1 else { return nil }
    return
      "The machine itself is not what it was: memory reads \(threeDigits(read)) × and products \(threeDigits(products)) × "
      + "as fast as then. Compare on an idle machine."
  }
}

enum BenchError: Error, CustomStringConvertible {
  case noFile(String)
  case notOurs(String)
  case noRatios(String)
  case notRatios(String)
  case stageFailed(stage: String, command: String, status: Int32, message: String)
  case notStarted(program: String, reason: String)

  var description: String {
    switch self {
    case .noFile(let file): "\(file) cannot be read. Write one with: riskgraph bench … --json > \(file)"
    case .notOurs(let file): "\(file) is not what riskgraph bench … --json writes."
    case .noRatios(let file): "\(file) cannot be read. Scripts/bench writes one: .riskgraph/bench/bench.json"
    case .notRatios(let file): "\(file) is not what Scripts/bench writes."
    case .stageFailed(let stage, let command, let status, let message):
      "The stage \(stage) ended with status \(status): \(message) It ran: \(command)"
    case .notStarted(let program, let reason): "\(program) could not be started: \(reason)."
    }
  }
}
