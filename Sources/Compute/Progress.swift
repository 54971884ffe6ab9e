import Foundation
import Synchronization

/// Where the progress of long work is told.
///
/// `silent` says nothing. `terminal` draws one bar, with rate and time left. `lines` writes a line when a step
/// begins and ends, and one every ten seconds between.
public struct ProgressSink: Sendable {
  enum Style: Sendable { case silent, bar, lines }
  let style: Style

  public static let silent = ProgressSink(style: .silent)
  public static let terminal = ProgressSink(style: .bar)
  public static let lines = ProgressSink(style: .lines)

  /// A bar where standard error is a terminal, else lines.
  public static var standardError: ProgressSink { isatty(2) == 1 ? .terminal : .lines }

  /// Starts telling about one step of `total` units (nil: nobody knows how many).
  public func step(_ name: String, total: Int? = nil, unit: String = "") -> Progress {
    Progress(sink: self, name: name, total: total, unit: unit)
  }
}

/// The progress of one step. May be advanced from any thread; costs an atomic addition, so call it a block,
/// not a row.
public final class Progress: Sendable {
  private let sink: ProgressSink
  private let name: String
  private let total: Int?
  private let unit: String
  private let started = ContinuousClock.now
  private let done = Atomic<Int>(0)
  private let spoken = Mutex<Spoken>(Spoken())

  private struct Spoken {
    var last: ContinuousClock.Instant?
    var width = 0
    var finished = false
  }

  init(sink: ProgressSink, name: String, total: Int?, unit: String) {
    self.sink = sink
    self.name = name
    self.total = total
    self.unit = unit
  }

  public var count: Int { done.load(ordering: .relaxed) }

  public func advance(by amount: Int = 1) {
    let count = done.wrappingAdd(amount, ordering: .relaxed).newValue
    guard sink.style != .silent else { return }
    let now = ContinuousClock.now
    spoken.withLock { spoken in
      let pause: Duration = sink.style == .bar ? .milliseconds(100) : .seconds(10)
      guard !spoken.finished, now - (spoken.last ?? started) >= pause else { return }
      spoken.last = now
      say(line(count: count, elapsed: now - started), &spoken, ending: false)
    }
  }

  /// Ends the step. What took less than a second is not worth a line.
  public func finish(_ remark: String? = nil) {
    guard sink.style != .silent else { return }
    let elapsed = ContinuousClock.now - started
    spoken.withLock { spoken in
      guard !spoken.finished else { return }
      spoken.finished = true
      guard spoken.last != nil || elapsed >= .seconds(1) else { return }
      let rate = rateText(count: count, elapsed: elapsed)
      let text = "\(name): \(remark ?? "done") in \(secondsText(elapsed))" + (rate.isEmpty ? "" : ", \(rate)")
      say(text, &spoken, ending: true)
    }
  }

  private func say(_ text: String, _ spoken: inout Spoken, ending: Bool) {
    if sink.style == .bar {
      let padding = String(repeating: " ", count: max(0, spoken.width - text.count))
      spoken.width = text.count
      write("\r" + text + padding + (ending ? "\n" : ""))
    } else {
      write(text + "\n")
    }
  }

  /// A standard error that is closed or full is no reason to stop the work.
  private func write(_ text: String) {
    var text = text
    _ = text.withUTF8 { Foundation.write(2, $0.baseAddress, $0.count) }
  }

  private func line(count: Int, elapsed: Duration) -> String {
    let rate = rateText(count: count, elapsed: elapsed)
    guard let total, total > 0 else { return "\(name): \(grouped(count)) \(unit)  \(rate)" }
    let share = min(1, Double(count) / Double(total))
    let left = share > 0 ? secondsText(elapsed * ((1 - share) / share)) : "?"
    let percent = "\(Int(share * 100)) %"
    guard sink.style == .bar else { return "\(name): \(percent), \(rate), \(left) left" }
    let filled = Int(share * 24)
    let bar = String(repeating: "━", count: filled) + String(repeating: "╌", count: 24 - filled)
    return "\(name) \(bar) \(percent)  \(rate)  \(left) left"
  }

  private func rateText(count: Int, elapsed: Duration) -> String {
    let seconds = elapsed / .seconds(1)
    guard count > 0, seconds > 0 else { return "" }
    return "\(compact(Double(count) / seconds)) \(unit)/s"
  }
}

private func secondsText(_ duration: Duration) -> String {
  let seconds = duration / .seconds(1)
  if seconds < 10 { return String(format: "%.1f s", seconds) }
  if seconds < 100 { return "\(Int(seconds)) s" }
  return "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
}

private func compact(_ number: Double) -> String {
  switch number {
  case 1e9...: String(format: "%.1f G", number / 1e9)
  case 1e6...: String(format: "%.1f M", number / 1e6)
  case 1e3...: String(format: "%.1f k", number / 1e3)
  default: String(format: "%.1f", number)
  }
}

/// A count with its thousands apart, as people read it: 1,048,576.
public func grouped(_ number: Int) -> String {
  let digits = Array(String(number.magnitude))
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return number < 0 ? "-" + text : text
}
