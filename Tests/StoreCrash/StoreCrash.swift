// A writer that the crash tests kill: does one thing with a store, again and again, and says on standard output what
// was acknowledged.

import Foundation
import Graph
import Store

@main struct StoreCrash {
  static func main() {
    let arguments = CommandLine.arguments
    do { try run(arguments[1], arguments[2], Array(arguments[3...])) } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(1)
    }
  }

  static func run(_ what: String, _ path: String, _ rest: [String]) throws {
    let store = try Store.open(at: path)
    store.patience = .seconds(60)
    switch what {
    case "append": try append(store, from: Int(rest[0])!)
    case "compact":
      while true { if try store.compact() { say("compacted") } else { usleep(2000) } }
    case "import":
      var options = ImportOptions()
      options.unknownKeys = .create
      options.memoryLimit = 256 << 20
      try store.importTables(from: rest[0], options: options)
      say("imported")
    case "forget":
      for key in rest {
        try store.forget(NodeKey(key)!)
        say("forgot \(key)")
      }
    case "read": try read(store)
    case "fill":
      // Every file may grow to so many bytes only: a full disk, as a program sees it.
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: rlim_t(rest[1])!, rlim_max: rlim_t(rest[1])!)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      try run(rest[0], path, Array(rest[2...]))
    default: fatalError("unknown: \(what)")
    }
  }

  /// Written at once: what a killed process still held would be lost.
  static func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

  /// Batches of three edges each whose buyer is named by the batch, so that a half batch would show.
  static func append(_ store: Store, from first: Int) throws {
    let appender = try store.appender(unknownKeys: .create)
    var number = first
    while true {
      var rows = RowBatch(of: store.schema.relation("view")!)
      for product in 0..<3 {
        rows.add(
          keys: ["n\(number)", "q\(product)"], values: [.time(Timestamp(seconds: Int64(1000 + number)))])
      }
      try appender.append(relation: "view", rows)
      say("appended \(number)")
      number += 1
    }
  }

  /// Opens the store again and again and looks for anything half-done.
  static func read(_ store: Store) throws {
    var opened = 0
    var highest = 0
    while true {
      let graph = try Store.open(at: store.path).graph()
      let relation = graph.relations["view"]!
      var edges = 0
      for node in 0..<graph.nodes["buyer"]!.count {
        let key = graph.nodes["buyer"]!.keys.key(NodeID(UInt32(node)))
        guard key.hasPrefix("n") else { continue }
        var degree = 0
        for layer in [relation.out.snapshot, relation.out.appended].compactMap({ $0 })
        where node < layer.rowCount {
          degree += layer.degree(node)
        }
        guard degree == 3 else {
          say("torn \(key) has \(degree)")
          exit(3)
        }
        edges += degree
      }
      guard edges >= highest else {
        say("torn: \(edges) edges after \(highest)")
        exit(3)
      }
      highest = edges
      opened += 1
      say("read \(opened) \(edges)")
    }
  }
}
