import Communities
import Compute
import Graph
import Reports

/// What Leiden costs on an R-MAT graph of one size.
struct CommunityCost {
  var scale: Int
  var edges: Int
  var seconds: Double
  var peakBytes: Int

  /// Both axes in powers of ten, so that what grows with the edges is a straight line; the dashed line is exactly that.
  static func chart(_ costs: [CommunityCost]) -> LineChart {
    let points = costs.map { (x: Double($0.edges), y: $0.seconds) }
    var rules: [LineChart.Rule] = []
    if let first = points.first, let last = points.last, points.count > 1 {
      let proportional = LineChart.Point(x: last.x, y: first.y * last.x / first.x)
      rules = [.between(.init(x: first.x, y: first.y), proportional, "in proportion to the edges")]
    }
    return LineChart(
      title: "Leiden on R-MAT graphs: time against size",
      x: Axis("edges", scale: .log), y: Axis("seconds", scale: .log, format: .seconds),
      series: [.init("Leiden", points)], rules: rules)
  }
}

extension BenchCommunities {
  /// Leiden on R-MAT graphs of rising size, each made, measured and let go.
  func measureScales(_ scales: [Int], _ bench: inout Bench, _ session: Session) throws -> [CommunityCost] {
    var costs: [CommunityCost] = []
    for scale in scales.sorted() {
      session.note("Making an R-MAT graph of 2^\(scale) nodes …")
      let csr = try { () throws -> CSR in
        let edges = EdgeList.rmat(scale: scale, parallel: session.parallel)
        return try CSRBuilder(edges, parallel: session.parallel).symmetric()
      }()
      let graph = Projection(space: .plain(csr.rowCount), csr: csr)
      let edges = csr.entryCount / 2
      let settings = SearchSettings(parallel: session.parallel, stop: session.stop)
      // The large ones take minutes: they are run once, cold.
      let partition = try bench.measure(
        "leiden, scale \(scale)", work: .items(edges, "edges"), warmUp: scale <= 20,
        repeats: scale <= 20 ? nil : 1
      ) { try Leiden(settings).partition(of: graph) }
      bench.result("modularity", modularity(of: partition, in: graph), decimals: 5)
      bench.result("edges", Double(edges))
      bench.result("disconnected", Double(disconnectedCommunities(partition, in: graph)))
      guard let last = bench.measurements.last else { continue }
      costs.append(
        CommunityCost(scale: scale, edges: edges, seconds: last.median, peakBytes: last.peakBytes ?? 0))
    }
    return costs
  }
}
