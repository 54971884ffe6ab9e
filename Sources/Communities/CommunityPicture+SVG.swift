import Compute
import Foundation

extension CommunityPicture {
  /// The picture as SVG: shape and outline tell the type, the fill the risk, size how many ties a node has.
  ///
  /// Who shares something with many stands large in the middle of them, and is named.
  public func svg(width: Int = 960, height: Int = 720) -> String {
    let layout = forceLayout(of: graph)
    let types = nodes.map(\.type).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let (plotWidth, plotHeight) = (Double(width) - 80, Double(height) - 150)
    let size = min(plotWidth, plotHeight)
    func x(_ node: Int) -> Double { 40 + (plotWidth - size) / 2 + layout[node].x * size }
    func y(_ node: Int) -> Double { 64 + layout[node].y * size }
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" \
      font-family="Helvetica, Arial, sans-serif" role="img">
      <title>\(xmlText(title))</title>
      <rect width="100%" height="100%" fill="#ffffff"/>
      <text x="24" y="32" font-size="18" font-weight="600" fill="#1d2733">\(xmlText(title))</text>

      """
    let heaviest = edges.map(\.weight).max() ?? 1
    for edge in edges {
      let thickness = 0.7 + 2.3 * Double((edge.weight / max(heaviest, 1e-9)).squareRoot())
      text += """
        <line x1="\(one(x(edge.source)))" y1="\(one(y(edge.source)))" x2="\(one(x(edge.target)))" \
        y2="\(one(y(edge.target)))" stroke="#8a97a6" stroke-opacity="0.45" stroke-width="\(one(thickness))"/>

        """
    }
    for node in nodes.indices {
      let radius = radius(of: node)
      let tip =
        "\(nodes[node].type) \(nodes[node].name)" + (nodes[node].risk.map { ", risk \(digits($0, 2))" } ?? "")
      let about = tip + (nodes[node].remark.map { ", \($0)" } ?? "")
      text += "<g><title>\(xmlText(about))</title>"
      text += shape(
        types.firstIndex(of: nodes[node].type)!, x(node), y(node), radius,
        fill: Colours.risk(nodes[node].risk))
      text += "</g>\n"
    }
    for node in namedNodes(x: x, y: y) {
      text += """
        <text x="\(one(x(node)))" y="\(one(y(node) - radius(of: node) - 4))" font-size="11" text-anchor="middle" \
        fill="#1d2733" stroke="#ffffff" stroke-width="3" paint-order="stroke">\(xmlText(short(nodes[node].name)))</text>

        """
    }
    return text + legend(types, width: width, height: height) + "</svg>\n"
  }

  private func radius(of node: Int) -> Double {
    let base = nodes.count > 120 ? 3.5 : 5.5
    return min(20, base + 1.4 * Double(graph.csr.degree(node)).squareRoot())
  }

  /// The nodes with the most ties, as many as can be read: none whose name would lie on another's.
  private func namedNodes(x: (Int) -> Double, y: (Int) -> Double) -> [Int] {
    let order = nodes.indices.sorted { (-graph.csr.degree($0), $0) < (-graph.csr.degree($1), $1) }
    var named: [Int] = []
    for node in order where named.count < 24 {
      let half = Double(short(nodes[node].name).count) * 3.2
      let isFree = named.allSatisfy { other in
        let otherHalf = Double(short(nodes[other].name).count) * 3.2
        return abs(x(node) - x(other)) > half + otherHalf + 4
          || abs(y(node) - radius(of: node) - y(other) + radius(of: other)) > 14
      }
      if isFree { named.append(node) }
    }
    return named
  }

  private func short(_ name: String) -> String { name.count > 18 ? name.prefix(17) + "…" : name }

  private func shape(_ type: Int, _ x: Double, _ y: Double, _ r: Double, fill: String) -> String {
    let style = "fill=\"\(fill)\" stroke=\"\(Colours.type(type))\" stroke-width=\"2\""
    func polygon(_ corners: [(Double, Double)]) -> String {
      "<polygon points=\"\(corners.map { "\(one(x + $0.0 * r)),\(one(y + $0.1 * r))" }.joined(separator: " "))\" \(style)/>"
    }
    switch type % 4 {
    case 0: return "<circle cx=\"\(one(x))\" cy=\"\(one(y))\" r=\"\(one(r))\" \(style)/>"
    case 1: return polygon([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
    case 2: return polygon([(0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)])
    default: return polygon([(0, -1.2), (1.1, 0.8), (-1.1, 0.8)])
    }
  }

  private func legend(_ types: [String], width: Int, height: Int) -> String {
    var text = ""
    var x = 32.0
    var y = Double(height) - 36
    for (index, type) in types.prefix(8).enumerated() {
      let count = nodes.count { $0.type == type }
      let label = "\(type) (\(count))"
      text += shape(index, x, y, 7, fill: "#ffffff")
      text +=
        "<text x=\"\(one(x + 14))\" y=\"\(one(y + 4))\" font-size=\"12\" fill=\"#1d2733\">\(xmlText(label))</text>\n"
      x += 34 + Double(label.count) * 6.6
    }
    guard nodes.contains(where: { $0.risk != nil }) else { return text }
    let start = Double(width) - 250
    // Where the types leave no room beside them, the scale stands below.
    if x > start - 60 { y += 24 }
    text +=
      "<text x=\"\(one(start - 10))\" y=\"\(one(y + 4))\" font-size=\"12\" text-anchor=\"end\" fill=\"#1d2733\">risk 0</text>\n"
    for step in 0..<20 {
      let fill = Colours.risk((Double(step) + 0.5) / 20)
      text +=
        "<rect x=\"\(one(start + Double(step) * 8))\" y=\"\(one(y - 7))\" width=\"8\" height=\"14\" fill=\"\(fill)\"/>\n"
    }
    text += "<text x=\"\(one(start + 166))\" y=\"\(one(y + 4))\" font-size=\"12\" fill=\"#1d2733\">1</text>\n"
    return text
  }

  private func one(_ number: Double) -> String { digits(number, 1) }
}

private enum Colours {
  /// Told apart by people who do not see red and green, too (Okabe & Ito, 2008).
  static func type(_ index: Int) -> String {
    ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#000000", "#999999"][index % 8]
  }

  /// From pale to dark red; grey where nobody knows.
  static func risk(_ risk: Double?) -> String {
    guard let risk, risk.isFinite else { return "#e7ebef" }
    let share = min(1, max(0, risk))
    func mix(_ low: Double, _ high: Double) -> String {
      let value = Int((low + (high - low) * share).rounded())
      let digits = String(value, radix: 16)
      return digits.count < 2 ? "0" + digits : digits
    }
    return "#" + mix(255, 165) + mix(243, 15) + mix(230, 21)
  }
}
