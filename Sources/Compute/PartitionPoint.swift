extension Range<Int> {
  /// The first place in the range for which `isBefore` is false, or the range's end: a binary search. Needs: places
  /// for which it is true come first.
  ///
  ///     (0..<times.count).partitionPoint { times[$0] < instant }     // how many times lie before the instant
  @inlinable
  public func partitionPoint(_ isBefore: (Int) -> Bool) -> Int {
    var low = lowerBound
    var high = upperBound
    while low < high {
      let middle = low + (high - low) / 2
      if isBefore(middle) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
