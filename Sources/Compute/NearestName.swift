/// The name that was probably meant: the one nearest to `name` by letters changed, added, left out or swapped with
/// the next, case aside; nil where none is near. Of several equally near the first.
///
///     nearestName(to: "merchnat", among: ["merchant", "product"])   // "merchant"
///
/// Costs the product of the lengths for each candidate.
public func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
  let wanted = Array(name.lowercased().unicodeScalars)
  var best: (name: String, distance: Int)?
  for candidate in candidates where candidate != name {
    let scalars = Array(candidate.lowercased().unicodeScalars)
    // Up to a third of the letters may be wrong, and one in short names. A longer name that begins so is near too.
    let allowed = max(1, max(wanted.count, scalars.count) / 3)
    var distance = editDistance(wanted, scalars)
    if distance > allowed {
      guard wanted.count >= 3, scalars.starts(with: wanted) else { continue }
      distance = allowed + 1
    }
    // A name with no letter in common is not near, however short.
    guard distance < max(wanted.count, scalars.count) else { continue }
    if distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.name
}

/// How many single letters must be changed, added, left out or swapped with their neighbour to make `b` of `a`
/// (the restricted distance of Damerau, 1964, row by row).
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in 0..<a.count {
    var row = [i + 1] + Array(repeating: 0, count: b.count)
    for j in 0..<b.count {
      row[j + 1] = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1)
      }
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
