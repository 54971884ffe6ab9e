import Arguments
import Foundation

/// What `Scripts/bench` measured, as a table and a picture.
struct BenchRatios: Command {
  let name = "ratios"
  let summary = "Shows what Scripts/bench measured beside other software: a table of ratios, and a picture."
  let discussion = """
    A ratio is the time of the other software over ours, the median of the rounds with the least and the greatest. Above 1 we \
    are faster.
    """
  let examples = [
    Example("bench ratios .riskgraph/bench/bench.json", "The table."),
    Example("bench ratios .riskgraph/bench/bench.json --picture ratios.svg", "And the picture."),
  ]
  let file = Positional<FilePath>("file", "The bench.json that Scripts/bench wrote.")
  let picture = Option<FilePath?>("picture", "Also draw the ratios into this SVG file.")

  func run(_ input: Input, in session: Session) throws -> Answer {
    let measured = try BesidePeers(file: input[file].path)
    if let path = input[picture]?.path {
      try Data(measured.chart.svg().utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
    var answer = Answer(json: [
      "rows": JSON(
        measured.rows.map {
          [
            "part": JSON($0.part), "data": JSON($0.data), "what": JSON($0.what), "peer": JSON($0.peer),
            "ours": JSON(medianOf($0.ours)), "theirs": JSON(medianOf($0.theirs)),
            "ratio": JSON($0.ratio.median), "low": JSON($0.ratio.low), "high": JSON($0.ratio.high),
          ]
        })
    ])
    var table = TextTable(
      ["part", "work", "beside", "ours", "theirs", "ratio", "least–greatest"],
      alignments: [.leading, .leading, .leading, .trailing, .trailing, .trailing, .trailing])
    var last = ""
    for row in measured.rows {
      let part = "\(row.part): \(row.data)"
      table.add([
        part == last ? "" : part, row.what, row.peer + (row.how.isEmpty ? "" : " (\(row.how))"),
        humanSeconds(medianOf(row.ours)), humanSeconds(medianOf(row.theirs)),
        "\(threeDigits(row.ratio.median)) ×", "\(threeDigits(row.ratio.low))–\(threeDigits(row.ratio.high))",
      ])
      last = part
    }
    answer.table(table)
    let versions = measured.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    answer.say(
      "\(measured.program) on \(measured.machine.processor), \(measured.machine.threads) threads; "
        + "\(measured.rounds) rounds, ours and theirs in turn\(measured.quick ? ", small data (--quick)" : ""). "
        + versions.joined(separator: ", ") + ".")
    for (peer, why) in measured.missing.sorted(by: { $0.key < $1.key }) {
      answer.say("\(peer) was left out: \(why)")
    }
    return answer
  }
}
