extension EventTable {
  /// The median positive gap between one node's events, in seconds: the table's own unit of time, so that windows
  /// suit a clock that counts ranks as well as one that counts seconds. A day where no node has two events.
  ///
  /// Looks at no more than 131,072 gaps, spread evenly.
  public func medianGap(at end: End, before instant: Int64 = .max) -> Double {
    let step = max(1, end.rows.count / 131_072)
    var gaps: [Int64] = []
    var node = 0
    for place in stride(from: 1, to: end.rows.count, by: step) {
      while Int(end.offsets[node + 1]) <= place { node += 1 }
      guard place > Int(end.offsets[node]) else { continue }
      let time = times[Int(end.rows[place])]
      let gap = time - times[Int(end.rows[place - 1])]
      if gap > 0, time < instant { gaps.append(gap) }
    }
    guard !gaps.isEmpty else { return 86_400 }
    gaps.sort()
    let middle = gaps.count / 2
    return gaps.count % 2 == 1 ? Double(gaps[middle]) : Double(gaps[middle - 1] + gaps[middle]) / 2
  }
}
