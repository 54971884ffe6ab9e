// A line with fewer corners that looks the same.
//
// Keep both ends; keep the corner that lies furthest from the straight line between them, if it lies further than the
// tolerance, and treat both halves alike. Curves of a hundred thousand thresholds become a few hundred points.
//
// Ramer: An iterative procedure for the polygonal approximation of plane curves (1972); Douglas & Peucker (1973).

/// No point of the line given lies further than `tolerance` from the line returned. Usually n log n.
func thinned(_ points: [(x: Double, y: Double)], tolerance: Double) -> [(x: Double, y: Double)] {
  guard points.count > 2 else { return points }
  var isKept = [Bool](repeating: false, count: points.count)
  isKept[0] = true
  isKept[points.count - 1] = true
  var open = [(0, points.count - 1)]
  while let (first, last) = open.popLast() {
    guard last - first > 1 else { continue }
    var (furthest, most) = (first, tolerance * tolerance)
    for place in first + 1..<last {
      let distance = squaredDistance(points[place], points[first], points[last])
      if distance > most { (furthest, most) = (place, distance) }
    }
    guard furthest != first else { continue }
    isKept[furthest] = true
    open.append((first, furthest))
    open.append((furthest, last))
  }
  return points.indices.filter { isKept[$0] }.map { points[$0] }
}

/// From a point to the stretch between two others.
private func squaredDistance(
  _ p: (x: Double, y: Double), _ a: (x: Double, y: Double), _ b: (x: Double, y: Double)
) -> Double {
  let (dx, dy) = (b.x - a.x, b.y - a.y)
  let length = dx * dx + dy * dy
  let share = length == 0 ? 0 : min(1, max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / length))
  let (ex, ey) = (p.x - a.x - share * dx, p.y - a.y - share * dy)
  return ex * ex + ey * ey
}
