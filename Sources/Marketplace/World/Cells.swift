/// A population divided by country and category: ranks of one cell are neighbours, so that who is near in taste and
/// place can be drawn without a list.
///
/// Within a cell the first rank is the busiest.
struct Cells: Sendable {
  let count: Int
  /// `starts[cell]..<starts[cell + 1]` are the ranks of a cell; cells are numbered country first.
  let starts: [Int]

  static let categories = Vocabulary.categories.count
  static let countries = Vocabulary.countries.count

  init(count: Int) {
    self.count = count
    let categoryTotal = Vocabulary.categories.reduce(0) { $0 + $1.share }
    let countryTotal = Vocabulary.countryShares.reduce(0, +)
    var starts = [0]
    var sum = 0.0
    for country in Vocabulary.countryShares {
      for category in Vocabulary.categories {
        sum += country / countryTotal * category.share / categoryTotal
        starts.append(min(count, Int((sum * Double(count)).rounded())))
      }
    }
    starts[starts.count - 1] = count
    self.starts = starts
  }

  func cell(of rank: Int) -> Int {
    var low = 0
    var high = starts.count - 2
    while low < high {
      let middle = (low + high + 1) >> 1
      if starts[middle] <= rank { low = middle } else { high = middle - 1 }
    }
    return low
  }

  static func cell(country: Int, category: Int) -> Int { country * categories + category }
  static func category(of cell: Int) -> Int { cell % categories }
  static func country(of cell: Int) -> Int { cell / categories }

  @inline(__always)
  func range(_ cell: Int) -> Range<Int> { starts[cell]..<starts[cell + 1] }

  /// The ranks of a whole country.
  func range(country: Int) -> Range<Int> {
    starts[country * Cells.categories]..<starts[(country + 1) * Cells.categories]
  }

  /// Where in its cell a rank stands, 0 (the busiest) to 1.
  func standing(of rank: Int, in cell: Int) -> Double {
    (Double(rank - starts[cell]) + 0.5) / Double(max(1, starts[cell + 1] - starts[cell]))
  }

  /// A rank near a cell in taste and place: mostly of the cell, sometimes of its country, sometimes of anywhere;
  /// `skew` in 0 ..< 1 says how far down the busiest.
  @inline(__always)
  func near(_ cell: Int, choice: Double, skew: Double, anywhere: Double) -> Int {
    if choice < 0.55 {
      let range = range(cell)
      if !range.isEmpty { return range.lowerBound + Int(skew * Double(range.count)) }
    }
    if choice < 0.88 {
      let range = range(
        Cells.cell(country: Cells.country(of: cell), category: Int(anywhere * Double(Cells.categories))))
      if !range.isEmpty { return range.lowerBound + Int(skew * Double(range.count)) }
    }
    return min(count - 1, Int(anywhere * Double(count)))
  }
}
