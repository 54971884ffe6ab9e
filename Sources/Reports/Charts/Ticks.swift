// Where the marks of an axis stand: at round numbers.
//
// On a linear axis the steps are 1, 2 or 5 times a power of ten, whichever comes nearest to the wished number of marks;
// on a logarithmic one the marks stand at powers of ten, with 2 and 5 between them where there is room for them. Days are
// marked at the firsts of months.
//
// Heckbert: Nice numbers for graph labels (Graphics Gems, 1990).

import Foundation
import Graph

/// An axis whose ends and marks are decided, and which knows where a value lies on it.
struct Ruler {
  let axis: Axis
  let low: Double
  let high: Double
  let ticks: [Double]
  let step: Double?

  /// About `count` marks over the values; the axis' own range goes first.
  init(_ axis: Axis, values: some Sequence<Double>, count: Int) {
    self.axis = axis
    var (least, most) = (Double.infinity, -Double.infinity)
    if let range = axis.range, axis.shows(range.lowerBound), axis.shows(range.upperBound) {
      (least, most) = (range.lowerBound, range.upperBound)
    } else {
      for value in values where axis.shows(value) {
        least = min(least, value)
        most = max(most, value)
      }
    }
    if least > most { (least, most) = axis.scale == .log ? (1, 10) : (0, 1) }
    let isFixed = axis.range != nil
    switch axis.scale {
    case .linear:
      if least == most {
        let half = max(least.magnitude / 2, 0.5)
        (least, most) = (least - half, most + half)
      }
      let step = roundStep(most - least, count)
      let (first, last) = ((least / step).rounded(.down), (most / step).rounded(.up))
      low = isFixed || axis.format == .date ? least : first * step
      high = isFixed || axis.format == .date ? most : last * step
      self.step = step
      let (from, to, slack) = (low, high, (high - low) * 1e-9)
      let steps =
        axis.format == .date
        ? dayTicks(from, to, count: count)
        : (last - first) > 200
          ? []
          : stride(from: first, through: last, by: 1).map { multiple($0, of: step) }
            .filter { $0 >= from - slack && $0 <= to + slack }
      ticks = steps.isEmpty ? [low, high] : steps
    case .log:
      if least == most { (least, most) = (least / 2, most * 2) }
      let rounds = roundPowers(least, most, count: count)
      low = isFixed ? least : min(least, rounds.below)
      high = isFixed ? most : max(most, rounds.above)
      step = nil
      let (from, to) = (low, high)
      let inside = rounds.ticks.filter { $0 >= from * 0.999_999 && $0 <= to * 1.000_001 }
      ticks = inside.count >= 2 ? inside : [low, high]
    }
  }

  /// From 0 at the axis' start to 1 at its end; nil where the value lies outside or nowhere.
  func place(_ value: Double) -> Double? {
    guard axis.shows(value) else { return nil }
    let share =
      axis.scale == .log
      ? (log10(value) - log10(low)) / (log10(high) - log10(low)) : (value - low) / (high - low)
    return share >= -1e-9 && share <= 1 + 1e-9 ? min(1, max(0, share)) : nil
  }

  /// As `place`, drawn in to the nearer end.
  func nearest(_ value: Double) -> Double {
    guard axis.shows(value) else { return value > 0 ? 1 : 0 }
    return place(value) ?? (value > high ? 1 : 0)
  }

  func words(_ tick: Double) -> String { axis.words(tick, step: step) }
}

/// 1, 2 or 5 times a power of ten, so that about `count` steps cover the span.
func roundStep(_ span: Double, _ count: Int) -> Double {
  let rough = span / Double(max(1, count))
  let exponent = log10(rough).rounded(.down)
  let digit = rough / pow(10, exponent)
  // Between two round digits their geometric mean decides: √2, √10, √50.
  let round: Double = digit < 1.414 ? 1 : digit < 3.162 ? 2 : digit < 7.071 ? 5 : 10
  return exponent < 0 ? round / pow(10, -exponent) : round * pow(10, exponent)
}

/// About `count` days between two instants: firsts of months where they lie far enough apart, else every so many days.
private func dayTicks(_ low: Double, _ high: Double, count: Int) -> [Double] {
  guard low.magnitude < 2e11, high.magnitude < 2e11 else { return [] }
  let days = (high - low) / 86_400 / Double(max(1, count))
  if let step = [1.0, 2, 5, 10].first(where: { $0 >= days * 0.8 }) {
    return stride(from: (low / 86_400).rounded(.up), through: high / 86_400, by: step).map { $0 * 86_400 }
  }
  let step = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600].first { Double($0) * 30.4 >= days * 0.8 } ?? 1200
  let digits = Timestamp(seconds: Int64(low)).description.prefix(7).split(separator: "-").compactMap {
    Int($0)
  }
  guard digits.count == 2 else { return [] }
  // Months counted from the year 0; a step of months starts in January.
  var month = digits[0] * 12 + digits[1] - 1
  month -= month % step
  var ticks: [Double] = []
  while ticks.count < 200 {
    func padded(_ number: Int, _ width: Int) -> String {
      String(repeating: "0", count: max(0, width - "\(number)".count)) + "\(number)"
    }
    guard let first = Timestamp("\(padded(month / 12, 4))-\(padded(month % 12 + 1, 2))-01") else { break }
    let seconds = Double(first.seconds)
    if seconds > high { break }
    if seconds >= low { ticks.append(seconds) }
    month += step
  }
  return ticks
}

/// 0.3, not 0.30000000000000004: a step below one is a fraction, so multiples are divided rather than multiplied.
private func multiple(_ times: Double, of step: Double) -> Double {
  step < 1 ? times / (1 / step).rounded(.toNearestOrEven) : times * step
}

private func roundPowers(
  _ low: Double, _ high: Double, count: Int
) -> (ticks: [Double], below: Double, above: Double) {
  let (first, last) = (Int(log10(low).rounded(.down)), Int(log10(high).rounded(.up)))
  func power(_ exponent: Int) -> Double {
    exponent < 0 ? 1 / pow(10, Double(-exponent)) : pow(10, Double(exponent))
  }
  let decades = log10(high) - log10(low)
  let digits: [Double] = decades * 3 <= Double(count) * 1.2 ? [1, 2, 5] : [1]
  let thinned = max(1, Int((Double(last - first) / Double(max(2, count))).rounded(.up)))
  let ticks = (first...last).filter { ($0 - first) % thinned == 0 }.flatMap { exponent in
    digits.map { $0 * power(exponent) }
  }
  let all = (first...last).flatMap { exponent in [1.0, 2, 5].map { $0 * power(exponent) } }
  return (ticks, all.last { $0 <= low * 1.000_001 } ?? low, all.first { $0 >= high * 0.999_999 } ?? high)
}
