import Arguments
import Compute
import Features
import Foundation
import Graph
import Tables

/// Event features of many examples, each at its own time; beside DuckDB with the columns' own SQL, and featuretools.
struct BenchFeatures: Command {
  let name = "features"
  let summary = "Event features of many examples, beside DuckDB and featuretools."
  let discussion = """
    Accounts order at shops; each example is an account at a time of its own, with the default columns of a schema of such \
    tables. On a part of it DuckDB computes the same columns from their SQL in its fastest form (one join, aggregates with \
    filters, window functions), and results are compared. With --peers, a Python that has featuretools computes what it \
    knows of them on a smaller part.
    """
  let examples = [
    Example("bench features", "20 million events, 200,000 examples."),
    Example("bench features --peers python3", "Beside featuretools too."),
  ]
  let events = Option("events", "How many events.", default: 20_000_000, accepts: within(1000...200_000_000))
  let asked = Option("examples", "How many examples.", default: 200_000, accepts: within(10...10_000_000))
  let part = Option(
    "part", "DuckDB gets one in so many events and examples.", default: 20, accepts: within(1...10_000))
  let peers = Option<String?>("peers", "A Python that has featuretools: measures it too.")
  let script = Option("peer-script", "What that Python runs.", default: FilePath("Scripts/peers/features.py"))
  let repeats = BenchOptions.repeats
  let compare = BenchOptions.compare
  let data = BenchOptions.data

  func run(_ input: Input, in session: Session) throws -> Answer {
    var bench = try Bench("features", input, in: session)
    let whole = OrderBook(events: input[events], examples: input[asked], parallel: session.parallel)
    let columns = whole.columns
    if let folder = input[data]?.path { try whole.write(to: BenchData(folder).folder) }
    session.note(
      "\(grouped(input[events])) events, \(grouped(input[asked])) examples, \(columns.names.count) columns; needs about "
        + "\(whole.bytes(columns: columns.names.count) >> 20) MiB.")
    let matrix = try bench.measure("engine", work: .items(input[events], "events"), warmUp: false) {
      try columns.matrix(for: whole.question, from: [whole.source], parallel: session.parallel)
    }
    bench.result("columns", Double(matrix.columns))
    try besideDuckDB(&bench, input, session)
    if let python = input[peers] { try besidePeers(&bench, python, input, session) }
    return bench.answer()
  }

  /// The histories of a part: all columns that the fast form of SQL knows.
  private func besideDuckDB(_ bench: inout Bench, _ input: Input, _ session: Session) throws {
    let book = OrderBook(
      events: input[events] / input[part], examples: max(10, input[asked] / input[part]),
      parallel: session.parallel)
    let histories = book.columns.histories
    let features = Array(histories.events.joined())
    guard let sql = EventFeature.joined(features) else { return }
    guard let written = DerivedNumber.windowed(histories.derived.flatMap { $0 }, from: "order rows") else {
      return
    }
    let mine = try bench.measure("engine, a part", work: .items(book.table.rowCount, "events"), warmUp: false)
    {
      try histories.matrix(for: book.question, from: [book.source], parallel: session.parallel)
    }
    let database = try Database(threads: session.parallel.threads)
    try book.load(into: database)
    let theirs = try bench.measure(
      "DuckDB, the same part", work: .items(book.table.rowCount, "events"), warmUp: false
    ) {
      try database.run("CREATE OR REPLACE TABLE \"order\" AS " + written)
      return try database.columns(sql)
    }
    bench.result("columns", Double(features.count))
    bench.result("greatest difference", book.difference(mine, theirs))
    let (ours, other) = (
      bench.measurements[bench.measurements.count - 2].median, bench.measurements.last!.median
    )
    bench.result("times as long as the engine", other / ours)
  }

  private func besidePeers(_ bench: inout Bench, _ python: String, _ input: Input, _ session: Session) throws
  {
    let book = OrderBook(
      events: min(100_000, input[events]), examples: min(500, input[asked]), parallel: session.parallel)
    let folder = NSTemporaryDirectory() + "bench-features-\(getpid())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try book.write(to: folder)
    let features = book.simpleFeatures
    let mine = try bench.measure(
      "engine, featuretools' part", work: .items(book.table.rowCount, "events"), warmUp: false
    ) {
      try EventEngine(table: book.table, features: features).columns(
        for: book.question.examples(book.table, "account"), parallel: session.parallel)
    }
    let (output, isWhole) = try PeerScript(python: python, file: input[script].path).output([folder])
    struct Peer: Decodable {
      var seconds: Double
      var all: [Double]?
      /// A row for each example: count, mean, sum, least, greatest, spread (of a sample), different shops.
      var rows: [[Double?]]
    }
    guard isWhole, let peer = try? JSONDecoder().decode(Peer.self, from: output) else {
      session.note("\(python) did not run \(input[script].path): featuretools is left out.")
      return
    }
    bench.record(
      Bench.Measurement(
        what: "featuretools, the same part", seconds: peer.all ?? [peer.seconds], work: nil, peakBytes: nil,
        addedBytes: nil))
    bench.result("columns", Double(features.count))
    bench.result("greatest difference", book.difference(mine, peer.rows))
    bench.result(
      "times as long as the engine", peer.seconds / bench.measurements[bench.measurements.count - 2].median)
  }
}
