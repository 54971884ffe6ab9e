import Foundation

/// SVG as it is drawn, element by element. Texts are escaped here, numbers rounded to a tenth of a pixel.
struct Canvas {
  private(set) var text = ""

  enum Anchor: String { case start, middle, end }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
    text +=
      "<line class=\"\(style)\" x1=\"\(pixel(x1))\" y1=\"\(pixel(y1))\" x2=\"\(pixel(x2))\" y2=\"\(pixel(y2))\"/>\n"
  }

  /// A tip is shown by browsers when a pointer rests on the element, and read by screen readers.
  mutating func rect(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String, round: Double = 0,
    tip: String? = nil
  ) {
    let corner = round > 0 ? " rx=\"\(pixel(round))\"" : ""
    element(
      "rect",
      "class=\"\(style)\" x=\"\(pixel(x))\" y=\"\(pixel(y))\" width=\"\(pixel(max(0, width)))\" "
        + "height=\"\(pixel(max(0, height)))\"\(corner)", tip: tip)
  }

  mutating func circle(_ x: Double, _ y: Double, _ radius: Double, _ style: String, tip: String? = nil) {
    element(
      "circle", "class=\"\(style)\" cx=\"\(pixel(x))\" cy=\"\(pixel(y))\" r=\"\(pixel(radius))\"", tip: tip)
  }

  mutating func path(_ commands: String, _ style: String) {
    text += "<path class=\"\(style)\" d=\"\(commands)\"/>\n"
  }

  mutating func write(
    _ words: String, _ x: Double, _ y: Double, _ style: String, _ anchor: Anchor = .start, tip: String? = nil
  ) {
    let side = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    let inside = (tip.map { "<title>\(markup($0))</title>" } ?? "") + markup(words)
    text += "<text class=\"\(style)\" x=\"\(pixel(x))\" y=\"\(pixel(y))\"\(side)>\(inside)</text>\n"
  }

  /// What is drawn inside lies so much further to the right and below.
  mutating func moved(_ x: Double, _ y: Double, _ draw: (inout Canvas) -> Void) {
    text += "<g transform=\"translate(\(pixel(x)) \(pixel(y)))\">\n"
    draw(&self)
    text += "</g>\n"
  }

  private mutating func element(_ name: String, _ attributes: String, tip: String?) {
    text += "<\(name) \(attributes)"
    text += tip.map { "><title>\(markup($0))</title></\(name)>\n" } ?? "/>\n"
  }
}

/// A coordinate with one decimal, and without one where it is none.
func pixel(_ value: Double) -> String {
  guard value.isFinite else { return "0" }
  let tenths = Int((min(1e6, max(-1e6, value)) * 10).rounded())
  let sign = tenths < 0 ? "-" : ""
  let rest = tenths.magnitude % 10
  return "\(sign)\(tenths.magnitude / 10)" + (rest == 0 ? "" : ".\(rest)")
}
