import Foundation

/// Bytes as people read them, in thousands: `512 B`, `1.5 GB`.
public func humanBytes(_ bytes: Int) -> String {
  let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
  var value = Double(bytes)
  var unit = 0
  while value.magnitude >= 999.5, unit < units.count - 1 {
    value /= 1000
    unit += 1
  }
  return unit == 0 ? "\(bytes) B" : "\(threeDigits(value)) \(units[unit])"
}

/// A duration in the unit that suits it: `85 ns`, `1.50 ms`, `12.3 s`, `2 min 5 s`.
public func humanSeconds(_ seconds: Double) -> String {
  guard seconds.isFinite else { return "–" }
  switch seconds.magnitude {
  case 0: return "0 s"
  case ..<0.999_5e-6: return "\(threeDigits(seconds * 1e9)) ns"
  case ..<0.999_5e-3: return "\(threeDigits(seconds * 1e6)) µs"
  case ..<0.999_5: return "\(threeDigits(seconds * 1e3)) ms"
  case ..<99.95: return "\(threeDigits(seconds)) s"
  default:
    let whole = Int(seconds.rounded())
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole / 60 % 60) min"
  }
}

/// A rate or another large number with a unit: `31.4 M entries/s`.
public func humanRate(_ value: Double, _ unit: String) -> String {
  guard value.isFinite else { return "–" }
  switch value.magnitude {
  case 999.5e6...: return "\(threeDigits(value / 1e9)) G \(unit)"
  case 999.5e3...: return "\(threeDigits(value / 1e6)) M \(unit)"
  case 999.5...: return "\(threeDigits(value / 1e3)) k \(unit)"
  default: return "\(threeDigits(value)) \(unit)"
  }
}

/// Three digits that mean something: `1.23`, `12.3`, `123`, `1235`.
public func threeDigits(_ value: Double) -> String {
  switch value.magnitude {
  case ..<9.995: String(format: "%.2f", value)
  case ..<99.95: String(format: "%.1f", value)
  default: String(format: "%.0f", value)
  }
}
