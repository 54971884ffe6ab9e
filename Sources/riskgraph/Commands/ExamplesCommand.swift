import Arguments
import Compute
import Features
import Foundation
import Graph
import Learning

struct ExamplesCommand: Command {
  let name = "examples"
  let summary = "Makes a table of examples: who is asked about when, and what came true."
  let discussion = """
    Each example is a node, the time as of which it is asked about, and whether the outcome came true within the horizon. \
    Times whose outcomes are not all known yet are left out. The table is split by time, with a gap as long as the \
    horizon, so that no training outcome lies past the first validation time. A target that is an event itself (an order, \
    a review) is asked about as of its own time, and needs no --every.
    """
  let examples = [
    Example(
      "examples shop.rg --target merchant --every 30d --from 2026-01-01 --to 2026-06-01 --becomes label=risky --within 60d --out ex.csv",
      "Who will turn out risky within 60 days?"),
    Example("examples yelp.rg --target review --out ex.csv", "Each labelled review, as of its own time."),
  ]
  let store = StoreParameters.store
  let target = Option<String>("target", "The node type that is asked about.")
  let every = Option<String?>("every", "The distance of as-of times.", as: "30d", accepts: spanMistake)
  let from = Option<Timestamp?>("from", "The first as-of time.")
  let to = Option<Timestamp?>("to", "The time before which the last as-of time lies.")
  let becomes = Option<String?>(
    "becomes", "What comes true: 'label = risky', or a condition over counts.", as: "CONDITION")
  let within = Option<String?>(
    "within", "The horizon within which it must come true.", as: "60d", accepts: spanMistake)
  let active = Option<String?>(
    "active", "Only nodes to which something happened so shortly before.", as: "90d", accepts: spanMistake)
  let activeIn = Option<[String]>("active-in", "The tables in which it must have happened.", as: "TABLE")
  let label = Option<String?>("label", "The label column, if not the schema's first.")
  let gap = ExampleParameters.gap
  let validation = Option(
    "validation", "The share of examples for validation.", default: 0.15, accepts: Arguments.within(0...0.9))
  let test = Option(
    "test", "The share of examples for test, the latest.", default: 0.25, accepts: Arguments.within(0...0.9))
  let unsplit = Flag("no-split", "Write no split column.")
  let out = Option<String>(
    "out", "The table to write: CSV, Parquet or JSON lines.", as: "FILE", completion: .file)

  static let spanMistake: @Sendable (String) -> String? = {
    TimeSpan($0) == nil ? "must be a length of time like 60d, 12h or 30min" : nil
  }

  func run(_ input: Input, in session: Session) throws -> Answer {
    let graph = try TaskInput.graph(input[store].path)
    let events = try EventGraph(graph, target: input[target], label: input[label], parallel: session.parallel)
    guard !events.sources.isEmpty else { throw ExampleError.notTimed(target: input[target]) }
    let horizon = input[within].flatMap { TimeSpan($0) }
    var table: ExampleTable
    if events.isOfEvents, input[becomes] == nil {
      table = try ExampleMaker.events(
        in: events, from: input[from]?.seconds ?? .min + 1, to: input[to]?.seconds ?? .max,
        label: input[label])
    } else {
      table = try sliding(input, events, horizon)
    }
    if !input[unsplit] {
      let gap = input[self.gap].flatMap { TimeSpan($0) } ?? horizon
      table = table.split(
        .init(validation: input[validation], test: input[test], gapSeconds: gap?.seconds ?? 0))
    }
    try ExampleFile.write(table, of: graph, to: input[out])
    return answer(table, out: input[out])
  }

  private func sliding(_ input: Input, _ events: EventGraph, _ horizon: TimeSpan?) throws -> ExampleTable {
    guard let becomes = input[becomes] else { throw UsageError.missing("--becomes", of: "examples") }
    guard let horizon else { throw UsageError.missing("--within", of: "examples") }
    guard let every = input[every].flatMap({ TimeSpan($0) }) else {
      throw UsageError.missing("--every", of: "examples")
    }
    guard let from = input[from] else { throw UsageError.missing("--from", of: "examples") }
    let end = input[to]?.seconds ?? events.afterAll
    guard from.seconds < end else {
      throw ExampleError.noExamples(
        reason: "the first as-of time \(from) is not before the last, \(ExampleFile.time(end))")
    }
    var maker = ExampleMaker(
      becomes: try OutcomeText(becomes).outcome(in: events), within: horizon,
      active: input[active].flatMap { TimeSpan($0) })
    maker.activeIn = Set(input[activeIn])
    let times = Array(stride(from: from.seconds, to: end, by: Int(every.seconds)))
    return try maker.examples(at: times, in: events, label: input[label])
  }

  private func answer(_ table: ExampleTable, out: String) -> Answer {
    let positives = table.labels.lazy.filter { $0 == 1 }.count
    var answer = Answer(json: [
      "examples": JSON(table.count), "positives": JSON(positives), "out": JSON(out),
      "splits": JSON(
        ExampleTable.Split.allCases.map { split in
          (split.rawValue, JSON(table.splits?.lazy.filter { $0 == split }.count ?? 0))
        }), "notes": JSON(table.notes),
    ])
    answer.say("\(grouped(table.count)) examples, \(grouped(positives)) of them positive, in \(out).")
    if let splits = table.splits {
      var rows = TextTable(["split", "examples", "positive", "first", "last"])
      for split in ExampleTable.Split.allCases {
        let places = splits.indices.filter { splits[$0] == split }
        guard let first = places.map({ table.asOf[$0] }).min(),
          let last = places.map({ table.asOf[$0] }).max()
        else {
          continue
        }
        rows.add([
          split.rawValue, grouped(places.count), grouped(places.lazy.filter { table.labels[$0] == 1 }.count),
          ExampleFile.time(first), ExampleFile.time(last),
        ])
      }
      answer.table(rows)
    }
    for note in table.notes { answer.say(note) }
    return answer
  }
}
