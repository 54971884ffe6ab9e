import Reports

/// Cost against size: the time and the memory of each stage over the edges of the market, both axes by powers of ten.
struct PipelinePicture {
  private let costs: [PipelineCost]
  private let machine: String

  init(_ costs: [PipelineCost], machine: String) {
    self.costs = costs
    self.machine = machine
  }

  func svg() -> String {
    SmallMultiples(
      title: "",
      charts: [
        chart("Time of each stage", Axis("seconds", scale: .log, format: .seconds)) { medianOf($0.seconds) },
        chart("Memory each stage held at most", Axis("memory", scale: .log, format: .bytes)) {
          Double($0.peakBytes)
        },
      ]
    ).svg()
  }

  private func chart(_ title: String, _ axis: Axis, _ value: (PipelineCost) -> Double) -> LineChart {
    var stages: [String] = []
    for cost in costs where !stages.contains(cost.stage) { stages.append(cost.stage) }
    return LineChart(
      title: title, x: Axis("edges (\(machine))", scale: .log), y: axis,
      series: stages.map { stage in
        let own = costs.filter { $0.stage == stage }.sorted { $0.edges < $1.edges }
        return LineChart.Series(stage, own.map { (Double($0.edges), value($0)) })
      })
  }
}
