import Compute
import Foundation
import Graph

/// The year that the tables cover, and when in it people are busy: growth, weekdays, festivals, hours.
struct Calendar: Sendable {
  static let start = Timestamp("2025-10-01")!.seconds
  static let end = Timestamp("2026-10-01")!.seconds
  /// The last quarter, in which one typology first appears; also the usual as-of time.
  static let lastQuarter = Timestamp("2026-07-01")!.seconds
  static let day: Int64 = 86_400
  static let days = Int((end - start) / day)

  /// `cumulative[d]`: how much of the year's business is done before day `d`, 0 to 1.
  private let cumulative: [Double]
  /// The second of the day at each 1/1024 of a day's business.
  private let hours: [Int32]

  /// Festivals: the day, how many times the usual business, days before and after that swell too.
  private static let festivals: [(day: String, peak: Double, width: Double)] = [
    ("2025-11-11", 5.5, 2.2), ("2025-11-28", 3.2, 1.5), ("2025-12-12", 3.0, 1.2), ("2025-12-20", 1.8, 4),
    ("2026-02-08", 1.9, 4), ("2026-03-08", 1.5, 1), ("2026-06-18", 4.2, 2.5), ("2026-08-19", 1.7, 1.5),
    ("2026-09-09", 1.6, 1.2),
  ]

  init() {
    var sums = [0.0]
    for day in 0..<Calendar.days {
      let weekday = (day + 2) % 7  // 1 October 2025 is a Wednesday
      var weight = [0.94, 0.95, 0.97, 0.98, 1.05, 1.12, 1.08][weekday]
      weight *= exp(0.45 * Double(day) / Double(Calendar.days))
      var swell = 0.0
      for festival in Calendar.festivals {
        let distance =
          Double(day) - Double((Timestamp(festival.day)!.seconds - Calendar.start) / Calendar.day)
        swell += (festival.peak - 1) * exp(-abs(distance) / festival.width)
      }
      // The lull around the new year of the moon, when carriers rest.
      if (134...142).contains(day) { weight *= 0.6 }
      sums.append(sums.last! + weight * (1 + swell))
    }
    cumulative = sums.map { $0 / sums.last! }

    let byHour: [Double] = [
      1.6, 0.9, 0.5, 0.3, 0.25, 0.3, 0.6, 1.2, 2.2, 3.4, 4.2, 4.3, 4.6, 4.2, 4.0, 4.0, 4.1, 4.0, 4.3, 5.4,
      6.8, 7.4,
      6.2, 3.6,
    ]
    let total = byHour.reduce(0, +)
    var table: [Int32] = []
    var hour = 0
    var before = 0.0
    for step in 0..<1024 {
      let goal = (Double(step) + 0.5) / 1024 * total
      while before + byHour[hour] < goal {
        before += byHour[hour]
        hour += 1
      }
      table.append(Int32(3600 * (Double(hour) + (goal - before) / byHour[hour])))
    }
    hours = table
  }

  /// How much of the year's business lies before an instant, 0 to 1.
  func share(before instant: Int64) -> Double {
    if instant <= Calendar.start { return 0 }
    if instant >= Calendar.end { return 1 }
    let day = Int((instant - Calendar.start) / Calendar.day)
    let within = Double((instant - Calendar.start) % Calendar.day) / Double(Calendar.day)
    return cumulative[day] + within * (cumulative[day + 1] - cumulative[day])
  }

  /// The busy instant at a share of the year's business, with the hour of the day and the second from `bits`.
  @inline(__always)
  func instant(atShare share: Double, bits: UInt64) -> Int64 {
    cumulative.withUnsafeBufferPointer { sums in
      var low = 0
      var high = Calendar.days - 1
      while low < high {
        let middle = (low + high + 1) >> 1
        if sums[middle] <= share { low = middle } else { high = middle - 1 }
      }
      return Calendar.start + Int64(low) * Calendar.day + secondOfDay(bits)
    }
  }

  /// A second of the day, by the daily rhythm.
  @inline(__always)
  func secondOfDay(_ bits: UInt64) -> Int64 {
    hours.withUnsafeBufferPointer {
      min(86_399, max(0, Int64($0[Int(bits & 1023)]) + Int64((bits >> 10) & 127) - 64))
    }
  }
}
