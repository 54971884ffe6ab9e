import Compute
import Learning
import Testing

@testable import Reports

@Suite("Axes and their marks")
struct AxisTests {
  @Test("marks stand at 1, 2 and 5 times powers of ten, and cover the values")
  func roundTicks() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var numbers = Seed(seed).stream(for: "ticks").generator(item: 0)
    for _ in 0..<500 {
      let scale = Double.random(in: -9...9, using: &numbers)
      let size = pow10(scale)
      let a = Double.random(in: -1...1, using: &numbers) * size
      let b = Double.random(in: -1...1, using: &numbers) * size
      let count = Int.random(in: 2...10, using: &numbers)
      let ruler = Ruler(Axis(""), values: [a, b], count: count)
      #expect(ruler.low <= min(a, b) + size * 1e-9 && ruler.high >= max(a, b) - size * 1e-9, "seed \(seed)")
      #expect((2...2 * count + 3).contains(ruler.ticks.count), "seed \(seed): \(ruler.ticks) for \(count)")
      guard let step = ruler.step else { continue }
      var digit = step
      while digit < 0.999 { digit *= 10 }
      while digit > 9.99 { digit /= 10 }
      #expect([1.0, 2, 5].contains { abs($0 - digit) < 1e-6 }, "seed \(seed): step \(step)")
    }
  }

  @Test("the marks people expect")
  func known() {
    #expect(Ruler(Axis("", range: 0...1), values: [], count: 5).ticks == [0, 0.2, 0.4, 0.6, 0.8, 1])
    #expect(Ruler(Axis(""), values: [3, 97], count: 5).ticks == [0, 20, 40, 60, 80, 100])
    #expect(Ruler(Axis("", scale: .log), values: [1e6, 1e8], count: 4).ticks == [1e6, 1e7, 1e8])
    #expect(Ruler(Axis("", scale: .log), values: [0.9, 6], count: 6).ticks == [0.5, 1, 2, 5, 10])
    let year = Ruler(Axis("", format: .date), values: [1_735_700_000, 1_767_200_000], count: 5)
    #expect(
      year.ticks.map { year.words($0) } == [
        "2025-03-01", "2025-05-01", "2025-07-01", "2025-09-01", "2025-11-01",
      ])
    let week = Ruler(Axis("", format: .date), values: [1_735_689_600, 1_736_294_400], count: 8)
    #expect(week.ticks.count == 8 && week.words(week.ticks[1]) == "2025-01-02")
    #expect(Ruler(Axis(""), values: [5, 5], count: 2).place(5) != nil)
    #expect(Ruler(Axis(""), values: [], count: 4).ticks.count >= 2)
  }

  @Test("numbers are written as people write them")
  func words() {
    let plain = Axis("")
    #expect(plain.words(0) == "0")
    #expect(plain.words(0.25) == "0.25")
    #expect(plain.words(-3.5) == "−3.5")
    #expect(plain.words(0.8, step: 0.2) == "0.8")
    #expect(plain.words(1, step: 0.2) == "1.0")
    #expect(plain.words(1234) == "1234")
    #expect(plain.words(20_000) == "20 k")
    #expect(plain.words(1_000_000) == "1 M")
    #expect(plain.words(100_000_000) == "100 M")
    #expect(plain.words(1e-7) == "1e-7")
    #expect(plain.words(.nan) == "–")
    #expect(Axis("", format: .percent).words(0.125) == "12.5 %")
    #expect(Axis("", format: .times).words(5.83) == "5.83×")
    #expect(Axis("", format: .seconds).words(0.0021) == "2.1 ms")
    #expect(Axis("", format: .bytes).words(1.5e9) == "1.5 GB")
    #expect(Axis("", format: .date).words(1_772_323_200) == "2026-03-01")
  }

  @Test("a thinned line lies nowhere further from the whole one than is allowed")
  func thinning() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var numbers = Seed(seed).stream(for: "line").generator(item: 0)
    var line: [(x: Double, y: Double)] = [(0, 0)]
    for _ in 0..<500 {
      let last = line[line.count - 1]
      line.append(
        (
          last.x + Double.random(in: 0...0.2, using: &numbers),
          last.y + Double.random(in: -0.3...0.3, using: &numbers)
        ))
    }
    let few = thinned(line, tolerance: 0.5)
    #expect(few.count < line.count / 2 && few.first! == line.first! && few.last! == line.last!)
    for point in line {
      let nearest = zip(few, few.dropFirst()).map { a, b -> Double in
        // The obvious way: forty places along the stretch.
        (0...40).map { step -> Double in
          let share = Double(step) / 40
          let (x, y) = (a.x + share * (b.x - a.x), a.y + share * (b.y - a.y))
          return ((x - point.x) * (x - point.x) + (y - point.y) * (y - point.y)).squareRoot()
        }.min()!
      }.min()!
      #expect(nearest <= 0.55, "seed \(seed)")
    }
  }

  @Test("the curves are those of the ranking")
  func curves() throws {
    let ranking = try Ranking(scores: [0.9, 0.8, 0.4, 0.2], labels: [true, false, true, false])
    let roc = LineChart.roc([("m", ranking)])
    #expect(roc.series[0].points.map(\.x) == [0, 0, 0.5, 0.5, 1])
    #expect(roc.series[0].points.map(\.y) == [0, 0.5, 0.5, 1, 1])
    #expect(roc.series[0].name == "m (AUROC 0.750)")
    let curve = LineChart.precisionRecall([("m", ranking)])
    // The area under the steps is the average precision.
    let points = curve.series[0].points
    let area = zip(points, points.dropFirst()).reduce(0) { $0 + ($1.1.x - $1.0.x) * $1.1.y }
    #expect(abs(area - ranking.averagePrecision) < 1e-12)
  }
}

private func pow10(_ exponent: Double) -> Double {
  var value = 1.0
  for _ in 0..<Int(exponent.magnitude) { value *= 10 }
  return exponent < 0 ? 1 / value : value
}
