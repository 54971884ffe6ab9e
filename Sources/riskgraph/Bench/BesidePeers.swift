import Compute
import Foundation
import Reports

/// What `Scripts/bench` wrote: our time and other software's for the same work on the same data.
struct BesidePeers: Decodable, Sendable {
  struct Ratio: Decodable, Sendable { let median, low, high: Double }

  struct Row: Decodable, Sendable {
    let part, data, what, peer, how: String
    /// Medians of the rounds, in seconds.
    let ours, theirs: [Double]
    /// How many times as long the peer takes.
    let ratio: Ratio
  }

  struct Machine: Decodable, Sendable {
    let processor: String
    let threads: Int
  }

  let rows: [Row]
  let machine: Machine
  let rounds: Int
  let quick: Bool
  let program: String
  let versions: [String: String]
  /// Who could not be measured, and why.
  let missing: [String: String]

  init(file: String) throws {
    guard let data = FileManager.default.contents(atPath: file) else { throw BenchError.noRatios(file) }
    do {
      self = try JSONDecoder().decode(BesidePeers.self, from: data)
    } catch {
      throw BenchError.notRatios(file)
    }
  }

  /// A chart for each part and data, all on one axis. Bars to the right of 1: we are faster.
  var chart: SmallMultiples {
    var groups: [(title: String, rows: [Row])] = []
    for row in rows {
      let title = "\(row.part): \(row.data)"
      if groups.last?.title == title {
        groups[groups.count - 1].rows.append(row)
      } else {
        groups.append((title, [row]))
      }
    }
    // From the least to the greatest, with room for a number at the end.
    let values = rows.flatMap { [$0.ratio.low, $0.ratio.high] }.filter { $0.isFinite && $0 > 0 }
    let range = min(0.5, values.min() ?? 1)...max(10, values.max() ?? 1)
    let charts = groups.map { title, rows in
      BarChart(
        title: title,
        axis: Axis("times as long as ours", scale: .log, range: range, format: .times),
        bars: rows.map { row in
          BarChart.Bar(
            "\(row.what.prefix { $0 != "," }) · \(row.peer)", row.ratio.median,
            interval: row.ratio.low...row.ratio.high,
            series: row.ratio.median >= 1 ? 0 : 1, remark: row.how.isEmpty ? nil : row.how)
        })
    }
    return SmallMultiples(title: "Other software beside riskgraph", charts: charts, columns: 2)
  }
}
