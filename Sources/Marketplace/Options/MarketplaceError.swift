/// What can go wrong while a market is made, said with the way out.
public enum MarketplaceError: Error, CustomStringConvertible, Equatable {
  case unknownTypology(name: String, known: [String])
  case unknownScale(name: String, known: [String])
  case impossibleRate(name: String, value: Double, lowest: Double, highest: Double, why: String)
  case impossibleSize(nodes: Int)
  case folderNotEmpty(path: String)
  case notAFolder(path: String)
  case cannotWrite(path: String, reason: String)
  case cannotReport(reason: String)
  case stopped

  public var description: String {
    switch self {
    case .unknownTypology(let name, let known):
      "There is no typology \"\(name)\"." + suggestion(name, known)
        + " Known: \(known.joined(separator: ", "))."
    case .unknownScale(let name, let known):
      "There is no scale \"\(name)\"." + suggestion(name, known) + " Known: \(known.joined(separator: ", "))."
    case .impossibleRate(let name, let value, let lowest, let highest, let why):
      "\(name) \(short(value)) cannot be: \(why). Give a number from \(short(lowest)) to \(short(highest))."
    case .impossibleSize(let nodes):
      "A market of \(nodes) nodes cannot be made. Give a number from \(MarketScale.fewestNodes) to "
        + "\(MarketScale.mostNodes)."
    case .folderNotEmpty(let path):
      "\(path) is not empty. Name a folder that does not exist yet or is empty; nothing was written."
    case .notAFolder(let path):
      "\(path) is a file, not a folder. Name a folder that does not exist yet or is empty."
    case .cannotWrite(let path, let reason):
      "\(path) cannot be written: \(reason). What had been written of this market was removed."
    case .cannotReport(let reason):
      "The report cannot be made: \(reason)."
    case .stopped:
      "Stopped. What had been written of this market was removed."
    }
  }
}

private func short(_ number: Double) -> String {
  number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
}

private func suggestion(_ name: String, _ known: [String]) -> String {
  let ranked = known.map { ($0, editDistance(Array(name.utf8), Array($0.utf8))) }.min { $0.1 < $1.1 }
  guard let (nearest, distance) = ranked, distance <= max(2, nearest.utf8.count / 2) else { return "" }
  return " Did you mean \"\(nearest)\"?"
}

/// Levenshtein's distance: the fewest letters to insert, delete or replace.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var row = Array(0...b.count)
  for (i, letter) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in b.enumerated() {
      let replaced = diagonal + (letter == other ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
    }
  }
  return row[b.count]
}
