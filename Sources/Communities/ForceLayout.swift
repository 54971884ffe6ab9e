// Where to draw the nodes of a small graph so that what is tied lies together.
//
// Nodes push each other away and edges pull their ends together, as in Fruchterman and Reingold (1991): two nodes at
// distance d repel by k²/d, an edge pulls by d²/k, and each step moves a node at most as far as a temperature that cools.
// Pushing all pairs would be quadratic; a quadtree lets far groups push as one (Barnes & Hut, 1986).

import Compute
import Foundation
import Graph

public struct LayoutPoint: Sendable, Hashable {
  public var x: Double
  public var y: Double
}

/// Places for all nodes of a graph, within a unit square.
///
/// Costs steps · n log n. The same seed gives the same picture.
public func forceLayout(of graph: Projection, steps: Int = 300, seed: Seed = Seed(1)) -> [LayoutPoint] {
  let count = graph.nodeCount
  guard count > 1 else { return [LayoutPoint](repeating: LayoutPoint(x: 0.5, y: 0.5), count: count) }
  var numbers = seed.generator(for: "layout")
  let spread = Double(count).squareRoot()
  var points = (0..<count).map { _ in LayoutPoint(x: numbers.unit() * spread, y: numbers.unit() * spread) }
  for step in 0..<steps {
    let left = 1 - Double(step) / Double(steps)
    let temperature = 0.15 * spread * left * left + 0.01
    var tree = Quadtree(points)
    let middle = tree.centre
    var forces = points.indices.map { tree.push(on: $0) }
    for node in 0..<count {
      for entry in graph.csr.row(node) {
        let other = Int(graph.csr.targets[entry])
        let (dx, dy) = (points[other].x - points[node].x, points[other].y - points[node].y)
        let pull = (dx * dx + dy * dy).squareRoot() * min(3, Double(graph.csr.weight(entry)).squareRoot())
        forces[node].x += dx * pull
        forces[node].y += dy * pull
      }
      // A little gravity, so that pieces that nothing ties do not fly off.
      forces[node].x += (middle.x - points[node].x) * 0.3
      forces[node].y += (middle.y - points[node].y) * 0.3
    }
    for node in 0..<count {
      let length = max(1e-9, (forces[node].x * forces[node].x + forces[node].y * forces[node].y).squareRoot())
      let move = min(length, temperature) / length
      points[node].x += forces[node].x * move
      points[node].y += forces[node].y * move
    }
  }
  return fitted(points)
}

private func fitted(_ points: [LayoutPoint]) -> [LayoutPoint] {
  let (left, right) = (points.map(\.x).min()!, points.map(\.x).max()!)
  let (top, bottom) = (points.map(\.y).min()!, points.map(\.y).max()!)
  let size = max(right - left, bottom - top, 1e-9)
  let (indentX, indentY) = ((1 - (right - left) / size) / 2, (1 - (bottom - top) / size) / 2)
  return points.map { LayoutPoint(x: ($0.x - left) / size + indentX, y: ($0.y - top) / size + indentY) }
}

/// Squares within squares, each with how many points it holds and where their centre is.
struct Quadtree {
  private struct Square {
    var x: Double
    var y: Double
    var half: Double
    var count = 0.0
    var sumX = 0.0
    var sumY = 0.0
    /// The first of four children; they lie together.
    var children = -1
    /// The point of a square that holds one; others at the same place are counted with it.
    var point = -1
  }

  private var squares: [Square] = []
  private let points: [LayoutPoint]

  init(_ points: [LayoutPoint]) {
    self.points = points
    let (left, right) = (points.map(\.x).min() ?? 0, points.map(\.x).max() ?? 1)
    let (top, bottom) = (points.map(\.y).min() ?? 0, points.map(\.y).max() ?? 1)
    let half = max(right - left, bottom - top, 1e-6) / 2 * 1.001
    squares = [Square(x: (left + right) / 2, y: (top + bottom) / 2, half: half)]
    for point in points.indices { insert(point) }
  }

  var centre: LayoutPoint {
    LayoutPoint(x: squares[0].sumX / max(1, squares[0].count), y: squares[0].sumY / max(1, squares[0].count))
  }

  private mutating func insert(_ point: Int) {
    var place = 0
    var depth = 0
    while true {
      squares[place].count += 1
      squares[place].sumX += points[point].x
      squares[place].sumY += points[point].y
      if squares[place].children < 0 {
        if squares[place].count == 1 {
          squares[place].point = point
          return
        }
        // Points nearer than the depth can part stay together in one square.
        if depth > 40 { return }
        divide(place)
      }
      place = child(of: place, for: points[point])
      depth += 1
    }
  }

  private mutating func divide(_ place: Int) {
    let square = squares[place]
    let half = square.half / 2
    squares[place].children = squares.count
    for quarter in 0..<4 {
      squares.append(
        Square(
          x: square.x + (quarter & 1 == 0 ? -half : half), y: square.y + (quarter & 2 == 0 ? -half : half),
          half: half))
    }
    let old = square.point
    guard old >= 0 else { return }
    squares[place].point = -1
    let own = child(of: place, for: points[old])
    squares[own].count = 1
    squares[own].sumX = points[old].x
    squares[own].sumY = points[old].y
    squares[own].point = old
  }

  private func child(of place: Int, for point: LayoutPoint) -> Int {
    squares[place].children + (point.x >= squares[place].x ? 1 : 0) + (point.y >= squares[place].y ? 2 : 0)
  }

  /// How all other points push this one: 1 / distance each, a far square as one.
  mutating func push(on point: Int) -> LayoutPoint {
    let here = points[point]
    var force = LayoutPoint(x: 0, y: 0)
    var waiting = [0]
    while let place = waiting.popLast() {
      let square = squares[place]
      guard square.count > 0, square.point != point || square.count > 1 else { continue }
      var dx = here.x - square.sumX / square.count
      var dy = here.y - square.sumY / square.count
      var distance = dx * dx + dy * dy
      if square.children >= 0, 4 * square.half * square.half > 0.64 * distance {
        for quarter in 0..<4 { waiting.append(square.children + quarter) }
        continue
      }
      if distance < 1e-12 {
        // At one place: pushed apart by their numbers, so that it happens the same way each time.
        (dx, dy) = (1e-3 * Double(point % 7 - 3), 1e-3 * Double(point % 5 - 2) + 1e-4)
        distance = dx * dx + dy * dy
      }
      force.x += dx / distance * square.count
      force.y += dy / distance * square.count
    }
    return force
  }
}
