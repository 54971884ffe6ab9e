import Compute
import Foundation

@testable import Marketplace

/// A folder for one test, taken away with it.
final class Scratch {
  let path: String

  init() {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("market-\(UUID().uuidString)").path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  /// All files below, by their names, with their bytes.
  var contents: [String: Data] {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
    return names.reduce(into: [:]) { contents, name in
      if let data = FileManager.default.contents(atPath: path + "/" + name), !name.hasSuffix("/") {
        contents[name] = data
      }
    }
  }
}

/// A CSV table as the test reads it: its own reader, of quoted cells too.
struct CSVTable {
  let names: [String]
  let rows: [[String]]

  init(_ path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var rows: [[String]] = []
    var row: [String] = []
    var cell = ""
    var isQuoted = false
    for character in text {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted:
        row.append(cell)
        cell = ""
      case "\n" where !isQuoted:
        rows.append(row + [cell])
        row = []
        cell = ""
      default: cell.append(character)
      }
    }
    names = rows[0]
    self.rows = Array(rows.dropFirst())
  }

  subscript(name: String) -> [String] {
    let place = names.firstIndex(of: name)!
    return rows.map { $0[place] }
  }
}
