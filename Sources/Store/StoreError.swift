import Compute
import Graph

/// What can go wrong with a store, in words for the person who has to mend it.
public enum StoreError: Error, CustomStringConvertible {
  case notAStore(path: String)
  case exists(path: String)
  case newerFormat(path: String, found: Int, known: Int)
  case file(path: String, operation: String, reason: String)
  case diskFull(path: String)
  case catalogue(path: String, reason: String)
  case busy(path: String)
  case heldByAnother(path: String, holder: String, seconds: Double)
  case damaged(path: String, what: String)
  case schema(String)
  case noSuchNodeType(name: String, known: [String])
  case noSuchRelation(name: String, known: [String])
  case noSuchNode(NodeKey)
  case noSuchSnapshot(Int, known: [Int])
  case badRows([RowProblem], total: Int)
  case tooMany(what: String, limit: Int)
  case tooLarge(what: String, needed: Int, available: Int, remedy: String)
  case noTables(path: String, expected: [String])
  case missingColumn(file: String, column: String, present: [String])
  case tables(String)
  case graph(relation: String, String)
  case cancelled

  public var description: String {
    switch self {
    case .notAStore(let path):
      "\(path) is not a store: it has no catalog.db. `riskgraph init` makes one."
    case .exists(let path): "\(path) exists already. Choose another name, or remove it first."
    case .newerFormat(let path, let found, let known):
      "\(path) was written by a newer version (format \(found); this one knows \(known)). Update riskgraph."
    case .file(let path, let operation, let reason): "\(path) cannot be \(operation): \(reason)."
    case .diskFull(let path):
      "No space left to write \(path). The store is as it was; free some space and try again."
    case .catalogue(let path, let reason): "The catalogue \(path) does not do as asked: \(reason)."
    case .busy(let path): "The catalogue \(path) is busy with somebody else's transaction. Try again."
    case .heldByAnother(let path, let holder, let seconds):
      "\(path) is being written by \(holder). Waited \(Int(seconds.rounded())) s; try again when it is done, "
        + "or wait longer with --wait."
    case .damaged(let path, let what):
      "\(path) is damaged: \(what). Restore it from a copy; `riskgraph check` lists all that is damaged."
    case .schema(let what): what
    case .noSuchNodeType(let name, let known):
      "There is no node type \"\(name)\" in this store; it has \(known.joined(separator: ", "))."
    case .noSuchRelation(let name, let known):
      "There is no relation \"\(name)\" in this store; it has \(known.joined(separator: ", "))."
    case .noSuchNode(let key): "There is no \(key.type) with the key \"\(key.key)\"."
    case .noSuchSnapshot(let number, let known):
      "There is no snapshot \(number); there is \(known.map(String.init).joined(separator: ", "))."
    case .badRows(let problems, let total):
      problems.map(\.description).joined(separator: "\n")
        + (total > problems.count ? "\n… and \(grouped(total - problems.count)) more." : "")
        + "\nNothing was taken in."
    case .tooMany(let what, let limit): "Too many \(what): at most \(grouped(limit))."
    case .tooLarge(let what, let needed, let available, let remedy):
      "\(what) needs about \(mebibytes(needed)) of memory, and \(mebibytes(available)) are free. \(remedy)."
    case .noTables(let path, let expected):
      "\(path) holds no table of this schema. Expected files named \(expected.joined(separator: ", ")) "
        + "with an ending like .csv, .parquet or .jsonl."
    case .missingColumn(let file, let column, let present):
      "\(file) has no column \"\(column)\"; it has \(present.joined(separator: ", "))."
    case .tables(let what): what
    case .graph(let relation, let what): "\(relation): \(what)"
    case .cancelled: "Stopped as asked. The store is as it was."
    }
  }
}

private func mebibytes(_ bytes: Int) -> String { "\(grouped(bytes >> 20)) MiB" }
