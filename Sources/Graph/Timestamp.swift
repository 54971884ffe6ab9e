import Foundation

/// An instant in UTC, in whole seconds since 1970.
///
///     Timestamp("2026-03-01")!                    // midnight
///     Timestamp("2026-03-01T08:30:00Z")!
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let seconds: Int64

  public init(seconds: Int64) { self.seconds = seconds }

  /// No time: a cell that was empty. Sorts before every other.
  public static let missing = Timestamp(seconds: .min)

  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.seconds < b.seconds }

  /// A date (`2026-03-01`), a date and time (`2026-03-01T08:30:00`, with a space or `T`, with `Z` or nothing or an
  /// offset like `+02:00`), or nil where the text is none, or names a day that does not exist.
  public init?(_ text: String) {
    var scanner = DigitScanner(text)
    guard let year = scanner.number(digits: 4), scanner.take("-"), let month = scanner.number(digits: 2),
      scanner.take("-"), let day = scanner.number(digits: 2), (1...12).contains(month), day >= 1,
      day <= Timestamp.days(inMonth: month, year: year)
    else { return nil }
    var seconds = Timestamp.daysSince1970(year: year, month: month, day: day) * 86_400
    if scanner.isAtEnd {
      self.init(seconds: seconds)
      return
    }
    guard scanner.take("T") || scanner.take(" "), let hour = scanner.number(digits: 2), scanner.take(":"),
      let minute = scanner.number(digits: 2), hour < 24, minute < 60
    else { return nil }
    var second: Int64 = 0
    if scanner.take(":") {
      guard let value = scanner.number(digits: 2), value < 60 else { return nil }
      second = value
      if scanner.take(".") { guard scanner.skipDigits() > 0 else { return nil } }
    }
    seconds += hour * 3600 + minute * 60 + second
    if scanner.take("Z") || scanner.take("z") {
    } else if let sign: Int64 = scanner.take("+") ? 1 : scanner.take("-") ? -1 : nil {
      guard let hours = scanner.number(digits: 2), hours < 24 else { return nil }
      _ = scanner.take(":")
      let minutes = scanner.number(digits: 2) ?? 0
      guard minutes < 60 else { return nil }
      seconds -= sign * (hours * 3600 + minutes * 60)
    }
    guard scanner.isAtEnd else { return nil }
    self.init(seconds: seconds)
  }

  /// `2026-03-01` at midnight, else `2026-03-01T08:30:00Z`.
  public var description: String {
    if self == .missing { return "" }
    let day = Int64((Double(seconds) / 86_400).rounded(.down))
    let rest = seconds - day * 86_400
    let (year, month, date) = Timestamp.civil(daysSince1970: day)
    let text = "\(padded(year, 4))-\(padded(month, 2))-\(padded(date, 2))"
    if rest == 0 { return text }
    return "\(text)T\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))Z"
  }

  // Days of the civil calendar counted from 1970, with the year starting in March so that the leap day is last.
  static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  static func civil(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let z = days + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  static func days(inMonth month: Int64, year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

private func padded(_ number: Int64, _ width: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, width - text.count)) + text
}

private struct DigitScanner {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { position == bytes.count }

  mutating func number(digits: Int) -> Int64? {
    guard position + digits <= bytes.count else { return nil }
    var value: Int64 = 0
    for byte in bytes[position..<position + digits] {
      guard (48...57).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - 48)
    }
    position += digits
    return value
  }

  mutating func skipDigits() -> Int {
    let start = position
    while position < bytes.count, (48...57).contains(bytes[position]) { position += 1 }
    return position - start
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(character.value) else { return false }
    position += 1
    return true
  }
}
