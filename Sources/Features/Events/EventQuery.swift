import Foundation

/// One measure with its names resolved to places in an `EventHistory`, ready to be asked many times.
enum EventQuery: Sendable {
  case count(EventFeature.Window)
  case decayedCount(decay: Int, halfLife: Double)
  case logCount, isNew
  case sinceLast, sinceFirst
  case logSinceLast(unit: Double)
  case soonAfter(seconds: Int64)
  case sinceNth(Int)
  case gapMean
  case gapVariation(smoothing: Double)
  case overdue(smoothing: Double)
  case burst(Int)
  case trend(short: Int64, long: Int64)
  case trendOfLife(short: Int64)
  case hourConcentration, weekdayConcentration
  case number(Int, EventFeature.Statistic, EventFeature.Window)
  case recentShift(Int)
  case share(Int)
  case distinct(Int), repeats(Int), concentration(Int)
  case newcomers(Int, EventFeature.Window)
  case smoothedRate(Int, strength: Double, EventFeature.Window)
  case decayedRate(Int, decay: Int, halfLife: Double)
  case sinceLastHigh(Int)
  case deviation(Int, column: Int, EventFeature.Deviation, widening: Double)

  /// What does not depend on the history: the event's own number in a column, and the rate that a 0/1 column had
  /// over the whole table by then.
  struct Surroundings {
    /// By the table's columns.
    var ownNumbers: [Float]
    /// By the plan's numbers.
    var priors: [Double]
  }
}

extension EventHistory {
  /// How many events lie before `instant`.
  func position(before instant: Int64, upTo limit: Int? = nil) -> Int {
    times.withUnsafeBufferPointer { times in
      (0..<(limit ?? count)).partitionPoint { times[$0] < instant }
    }
  }

  /// The first event inside a window that ends before event `position`, as of `asOf`.
  func start(of window: EventFeature.Window, asOf: Int64, position: Int) -> Int {
    switch window {
    case .ever: 0
    case .last(let seconds): self.position(before: asOf &- seconds, upTo: position)
    case .lastEvents(let count): max(0, position - count)
    }
  }

  /// What the first `position` events say at `asOf`. NaN where they say nothing.
  func answer(
    _ query: EventQuery, asOf: Int64, position n: Int, _ surroundings: EventQuery.Surroundings
  ) -> Float {
    switch query {
    case .count(let window):
      return Float(n - start(of: window, asOf: asOf, position: n))
    case .decayedCount(let decay, let halfLife):
      guard n > 0 else { return 0 }
      return Float(decayed[decay][n] * exp2(-Double(asOf - times[n - 1]) / halfLife))
    case .sinceLast:
      return n > 0 ? Float(asOf - times[n - 1]) : .nan
    case .logCount:
      return Float(log1p(Double(n)))
    case .isNew:
      return n == 0 ? 1 : 0
    case .logSinceLast(let unit):
      return n > 0 ? Float(log1p(Double(asOf - times[n - 1]) / unit)) : .nan
    case .soonAfter(let seconds):
      return n > 0 && asOf - times[n - 1] <= seconds ? 1 : 0
    case .sinceFirst:
      return n > 0 ? Float(asOf - times[0]) : .nan
    case .sinceNth(let back):
      return n >= back ? Float(asOf - times[n - back]) : .nan
    case .gapMean:
      return n > 1 ? Float(meanGap(n)) : .nan
    case .gapVariation(let smoothing):
      guard n > 2 else { return .nan }
      let mean = meanGap(n) / gapUnit
      let variance = max(0, gapSquares[n] / Double(n - 1) - mean * mean)
      return Float(variance.squareRoot() / (mean + smoothing / gapUnit))
    case .overdue(let smoothing):
      return n > 1 ? Float(Double(asOf - times[n - 1]) / (meanGap(n) + smoothing)) : .nan
    case .burst(let index):
      return n > 1 ? Float(Double(bursts[index][n]) / Double(n - 1)) : .nan
    case .trend(let short, let long):
      let recent = n - start(of: .last(seconds: short), asOf: asOf, position: n)
      let before = n - start(of: .last(seconds: long), asOf: asOf, position: n) - recent
      let expected = Double(before) * Double(short) / Double(long - short)
      return Float(log((Double(recent) + 1) / (expected + 1)))
    case .trendOfLife(let short):
      let recent = n - start(of: .last(seconds: short), asOf: asOf, position: n)
      let life = n > 0 ? max(1, Double(asOf - times[0]) / Double(short)) : 1
      return Float(log((Double(recent) + 1) / (Double(n) / life + 1)))
    case .hourConcentration:
      return n > 1 ? concentration(of: hours[n], count: n) : .nan
    case .weekdayConcentration:
      return n > 1 ? concentration(of: weekdays[n], count: n) : .nan
    case .number(let number, let statistic, let window):
      return self.statistic(statistic, number, from: start(of: window, asOf: asOf, position: n), to: n)
    case .recentShift(let number):
      return Float(mean(number, from: max(0, n - 5), to: n) - mean(number, from: 0, to: n))
    case .share(let level):
      return n > 0 ? Float(Double(levels[level][n]) / Double(n)) : .nan
    case .distinct(let partner):
      return Float(partners[partner].distinct[n])
    case .newcomers(let partner, let window):
      let from = start(of: window, asOf: asOf, position: n)
      return Float(partners[partner].distinct[n] - partners[partner].distinct[from])
    case .repeats(let partner):
      return n > 0 ? Float(1 - Double(partners[partner].distinct[n]) / Double(n)) : .nan
    case .concentration(let partner):
      return n > 0 ? Float(partners[partner].squares[n] / (Double(n) * Double(n))) : .nan
    case .smoothedRate(let number, let strength, let window):
      let from = start(of: window, asOf: asOf, position: n)
      let known = Double(numbers[number].counts[n] - numbers[number].counts[from])
      return Float(
        (total(number, from: from, to: n) + strength * surroundings.priors[number]) / (known + strength))
    case .decayedRate(let number, let decay, let halfLife):
      let prior = surroundings.priors[number]
      guard n > 0 else { return Float(prior) }
      let fade = exp2(-Double(asOf - times[n - 1]) / halfLife)
      let sum = numbers[number].decayedSums[decay][n] * fade
      let count = numbers[number].decayedCounts[decay][n] * fade
      return Float((sum + prior) / (count + 1))
    case .sinceLastHigh(let number):
      let time = numbers[number].lastHigh[n]
      return time == .min ? .nan : Float(asOf - time)
    case .deviation(let number, let column, let deviation, let widening):
      return self.deviation(deviation, of: surroundings.ownNumbers[column], number, n, widening)
    }
  }

  private func meanGap(_ n: Int) -> Double { Double(times[n - 1] - times[0]) / Double(n - 1) }

  private func concentration(of sum: ClockAngles.Sum, count: Int) -> Float {
    Float((sum.x * sum.x + sum.y * sum.y).squareRoot() / Double(count))
  }

  /// The sum of a column's known values over events `from ..< to`.
  private func total(_ number: Int, from: Int, to n: Int) -> Double {
    let known = Double(numbers[number].counts[n] - numbers[number].counts[from])
    return numbers[number].sums[n] - numbers[number].sums[from] + known * plan.numbers[number].center
  }

  /// The mean of a column's known values over events `from ..< to`; NaN where none is known.
  private func mean(_ number: Int, from: Int, to n: Int) -> Double {
    total(number, from: from, to: n) / Double(numbers[number].counts[n] - numbers[number].counts[from])
  }

  private func statistic(_ statistic: EventFeature.Statistic, _ number: Int, from: Int, to n: Int) -> Float {
    let known = Int(numbers[number].counts[n] - numbers[number].counts[from])
    switch statistic {
    case .mean:
      return Float(mean(number, from: from, to: n))
    case .sum:
      return known > 0 ? Float(total(number, from: from, to: n)) : 0
    case .spread:
      guard known > 1 else { return .nan }
      let mean = (numbers[number].sums[n] - numbers[number].sums[from]) / Double(known)
      let square = (numbers[number].squares[n] - numbers[number].squares[from]) / Double(known)
      return Float(max(0, square - mean * mean).squareRoot())
    case .missingShare:
      return n > from ? Float(1 - Double(known) / Double(n - from)) : .nan
    case .last:
      return known > 0 ? numbers[number].last[n] : .nan
    case .least:
      return from == 0 ? numbers[number].least[n] : extreme(number, from: from, to: n) { $0 < $1 }
    case .greatest:
      return from == 0 ? numbers[number].greatest[n] : extreme(number, from: from, to: n) { $0 > $1 }
    }
  }

  private func extreme(_ number: Int, from: Int, to n: Int, _ precedes: (Float, Float) -> Bool) -> Float {
    var found = Float.nan
    for value in numbers[number].values[from..<n]
    where value == value && !(found == found && !precedes(value, found)) {
      found = value
    }
    return found
  }

  private func deviation(
    _ deviation: EventFeature.Deviation, of own: Float, _ number: Int, _ n: Int, _ widening: Double
  ) -> Float {
    guard own == own else { return .nan }
    switch deviation {
    case .standardized:
      let mean = mean(number, from: 0, to: n)
      let spread = statistic(.spread, number, from: 0, to: n)
      return Float((Double(own) - mean) / (Double(spread.isNaN ? 0 : spread) + widening))
    case .fromMean:
      return Float(Double(own) - mean(number, from: 0, to: n))
    case .fromLast:
      return own - numbers[number].last[n]
    case .fromGreatest:
      return own - numbers[number].greatest[n]
    case .rank, .same:
      var below = 0.0
      var equal = 0.0
      var known = 0.0
      for value in numbers[number].values[max(0, n - 50)..<n] where value == value {
        known += 1
        if value < own { below += 1 } else if value == own { equal += 1 }
      }
      guard known > 0 else { return .nan }
      return Float(deviation == .rank ? (below + equal / 2) / known : equal / known)
    }
  }
}
