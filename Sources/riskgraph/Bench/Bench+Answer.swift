import Arguments
import Compute

extension Bench {
  /// The table, and the document that `--compare` reads.
  func answer() -> Answer {
    let processor = Processor.current
    var answer = Answer(json: [
      "bench": JSON(name), "version": JSON(RiskGraph.version),
      "machine": [
        "processor": JSON(processor.name), "cores": JSON(processor.coreCount),
        "threads": JSON(limits.threads),
        "readGBs": JSON(limits.readGBs), "triadGBs": JSON(limits.triadGBs),
        "sgemmGFLOPs": JSON(limits.sgemmGFLOPs), "blasKernel": JSON(OpenBLAS.ready.kernel),
      ],
      "measurements": JSON(measurements.map { json(of: $0) }),
      "compared": JSON(compared?.changes(to: measurements).map(\.json) ?? []),
    ])
    answer.table(table())
    if let compared {
      answer.table(compared.table(of: measurements))
      if let remark = compared.machineRemark(limits) { answer.say(remark) }
    }
    answer.say(
      "\(processor.name), \(limits.threads) threads: memory reads \(threeDigits(limits.readGBs)) GB/s, triad "
        + "\(threeDigits(limits.triadGBs)) GB/s, sgemm \(threeDigits(limits.sgemmGFLOPs)) GFLOP/s. "
        + (repeats == 1 ? "One run each." : "Medians of \(repeats) runs."))
    return answer
  }

  private func table() -> TextTable {
    var names: [String] = []
    for result in measurements.flatMap(\.results) where !names.contains(result.name) {
      names.append(result.name)
    }
    var table = TextTable(
      [name, "median", "fastest–slowest", "rate", "of the limit", "memory", "added"] + names,
      alignments: [.leading, .trailing, .trailing, .trailing, .trailing, .trailing, .trailing]
        + names.map { _ in .trailing })
    for one in measurements {
      table.add(
        [
          one.what, humanSeconds(one.median), "\(humanSeconds(one.fastest))–\(humanSeconds(one.slowest))",
          rate(of: one).map { humanRate($0.value, $0.unit) } ?? "", share(of: one).map { percent($0) } ?? "",
          one.peakBytes.map { humanBytes($0) } ?? "", one.addedBytes.map { humanBytes($0) } ?? "",
        ] + names.map { name in one.results.first { $0.name == name }?.text ?? "" })
    }
    return table
  }

  private func json(of one: Measurement) -> JSON {
    let rate = rate(of: one)
    return JSON([
      ("what", JSON(one.what)),
      (
        "seconds",
        [
          "median": JSON(one.median), "fastest": JSON(one.fastest), "slowest": JSON(one.slowest),
          "all": JSON(one.seconds.map { JSON($0) }),
        ]
      ),
      ("rate", rate.map { JSON([("value", JSON($0.value)), ("unit", JSON($0.unit))]) } ?? .null),
      ("shareOfLimit", JSON(share(of: one))), ("peakBytes", JSON(one.peakBytes)),
      ("addedBytes", JSON(one.addedBytes)), ("results", JSON(one.results.map { ($0.name, $0.json) })),
    ])
  }

  private func rate(of one: Measurement) -> (value: Double, unit: String)? {
    switch one.work {
    case nil: nil
    case .items(let count, let unit, _): (Double(count) / one.median, "\(unit)/s")
    case .bytes(let count): (Double(count) / one.median, "B/s")
    case .flops(let count): (Double(count) / one.median, "FLOP/s")
    }
  }

  private func share(of one: Measurement) -> Double? {
    switch one.work {
    case .bytes(let count), .items(_, _, let count?):
      Double(count) / one.median / (limits.readGBs * 1e9)
    case .flops(let count): Double(count) / one.median / (limits.sgemmGFLOPs * 1e9)
    default: nil
    }
  }
}

/// A share as people read it: `87 %`.
func percent(_ share: Double) -> String {
  share.isFinite
    ? (share < 0.0995 && share > 0 ? "\(threeDigits(share * 100)) %" : "\(Int((share * 100).rounded())) %")
    : "–"
}
