import Foundation
import Graph

/// What runs along one side of a chart: its name, its scale, and how its numbers are written.
///
///     Axis("recall", range: 0...1, format: .percent)
///     Axis("edges", scale: .log)
public struct Axis: Sendable, Equatable {
  public enum Scale: Sendable { case linear, log }

  public enum Format: Sendable {
    /// `1,000`, `12 M`, `0.25`
    case number
    /// Shares: 0.25 is `25 %`.
    case percent
    /// Ratios: `4×`.
    case times
    case seconds, bytes
    /// Seconds since 1970, shown as days in UTC.
    case date
  }

  public var name: String
  public var scale: Scale
  /// Nil: as the data lies.
  public var range: ClosedRange<Double>?
  public var format: Format

  public init(
    _ name: String, scale: Scale = .linear, range: ClosedRange<Double>? = nil, format: Format = .number
  ) {
    self.name = name
    self.scale = scale
    self.range = range
    self.format = format
  }

  /// Whether a value has a place on this axis.
  func shows(_ value: Double) -> Bool {
    value.magnitude < 1e300 && (scale == .linear || value > 1e-300)
  }

  /// A value as a reader sees it, with as many decimals as `step` needs; without a step with three digits.
  func words(_ value: Double, step: Double? = nil) -> String {
    switch format {
    case .percent: numberWords(value * 100, step: step.map { $0 * 100 }) + " %"
    case .times: numberWords(value, step: step) + "×"
    case .number: numberWords(value, step: step)
    case .seconds: unitWords(value, [("µs", 1e-6), ("ms", 1e-3), ("s", 1), ("h", 3600)])
    case .bytes: unitWords(value, [("B", 1), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12)])
    case .date: dateWords(value)
    }
  }
}

private func numberWords(_ value: Double, step: Double?) -> String {
  guard value.isFinite else { return "–" }
  let sign = value < 0 ? "−" : ""
  let size = value.magnitude
  for (unit, worth, from) in [(" G", 1e9, 1e9), (" M", 1e6, 1e6), (" k", 1e3, 1e4)]
  where size >= from && size < worth * 1e6 {
    return sign + plain(size / worth, step: step.map { $0 / worth }) + unit
  }
  if size >= 1e15 || (size > 0 && size < 1e-4) {
    return sign + String(format: "%.2g", size).replacing("e+", with: "e").replacing("e-0", with: "e-")
  }
  return sign + plain(size, step: step)
}

/// With the decimals that a step needs; without one with three digits and no zeros at the end.
private func plain(_ size: Double, step: Double?) -> String {
  if let step, step > 0 {
    let decimals = (0...6).first {
      abs((step * pow(10, Double($0))).rounded() / pow(10, Double($0)) / step - 1) < 1e-6
    }
    return grouping(String(format: "%.\(decimals ?? 6)f", size))
  }
  let decimals = size == 0 ? 0 : max(0, min(6, 2 - Int(log10(size).rounded(.down))))
  var text = String(format: "%.\(decimals)f", size)
  if text.contains(".") {
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
  }
  return grouping(text)
}

private func grouping(_ text: String) -> String {
  let whole = text.prefix { $0 != "." }
  guard whole.count > 4 else { return text }
  var result = ""
  for (place, digit) in whole.enumerated() {
    if place > 0, (whole.count - place) % 3 == 0 { result += "," }
    result.append(digit)
  }
  return result + text.dropFirst(whole.count)
}

private func unitWords(_ value: Double, _ units: [(name: String, worth: Double)]) -> String {
  let unit = units.last { value.magnitude >= $0.worth * 0.9995 } ?? units[0]
  return numberWords(value / unit.worth, step: nil) + " " + unit.name
}

/// The day in UTC.
private func dateWords(_ seconds: Double) -> String {
  guard seconds.magnitude < 4e11 else { return "–" }
  return Timestamp(seconds: Int64((seconds / 86_400).rounded(.down)) * 86_400).description
}
