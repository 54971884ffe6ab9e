import Compute
import Foundation
import Graph
import Testing

@testable import Store

@Suite struct DamageTests {
  let pad = Scratchpad()

  private func files(_ store: Store) throws -> [String] {
    let folder = store.path + "/snapshots/000001"
    return try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
      .map { folder + "/" + $0 }.filter { $0.hasSuffix(".npy") || $0.hasSuffix(".json") }
  }

  @Test("a sound store has no problems, and its checksums are those of the published algorithm") func sound()
    throws
  {
    let store = try pad.shop()
    let report = try store.check()
    #expect(report.problems == [])
    #expect(try report.files == files(store).count)
    // Values of the reference implementation, seed 0.
    #expect(Checksum.text(Checksum.of([])) == "ef46db3751d8e999")
    #expect(Checksum.text(Checksum.of(Array("abc".utf8))) == "44bc2cf5ad770999")
    let long = (0..<101).map { UInt8($0) }
    var pieces = Checksum()
    for start in stride(from: 0, to: 101, by: 7) {
      Array(long[start..<min(101, start + 7)]).withUnsafeBytes { pieces.add($0) }
    }
    #expect(pieces.value == Checksum.of(long))
  }

  @Test("SHA-256 gives the digests of the standard") func digests() {
    #expect(SHA256.text("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(SHA256.text("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
  }

  @Test("a flipped byte in any file is found and the file named") func flips() throws {
    let store = try pad.shop()
    for file in try files(store) {
      let good = try Data(contentsOf: URL(fileURLWithPath: file))
      guard !good.isEmpty else { continue }
      var bad = good
      let place = Int.random(in: 0..<bad.count)
      bad[place] ^= UInt8.random(in: 1...255)
      try bad.write(to: URL(fileURLWithPath: file))
      let report = try Store.open(at: store.path).check()
      #expect(report.problems.contains { $0.contains(file) }, "byte \(place) of \(file): \(report.problems)")
      try good.write(to: URL(fileURLWithPath: file))
    }
    #expect(try store.check().problems == [])
  }

  @Test("a file cut short or missing is refused at open, by name") func truncations() throws {
    let store = try pad.shop()
    for file in try files(store) {
      let good = try Data(contentsOf: URL(fileURLWithPath: file))
      try good.dropLast().write(to: URL(fileURLWithPath: file))
      #expect(performing: { try Store.open(at: store.path).graph() }, throws: { "\($0)".contains(file) })
      try FileManager.default.removeItem(atPath: file)
      #expect(performing: { try Store.open(at: store.path).graph() }, throws: { "\($0)".contains(file) })
      try good.write(to: URL(fileURLWithPath: file))
    }
  }

  @Test("a changed entry of the audit trail is found") func audit() throws {
    let store = try pad.shop()
    try store.catalogue.database.run("update audit set details = '{}' where number = 2")
    #expect(try store.check().problems.contains { $0.contains("entry 2 of the audit trail") })
  }

  @Test("a changed appended batch is found") func batches() throws {
    let store = try pad.shop()
    var views = RowBatch(of: Shop.schema.relation("view")!)
    views.add(keys: ["b1", "p1"], values: [.time(Timestamp(seconds: 5))])
    try store.append(relation: "view", rows: views)
    try store.catalogue.database.run("update batches set body = x'00'")
    #expect(try store.check().problems.contains { $0.contains("batch 1") })
  }

  @Test("bytes that are no batch are refused, whatever they are") func batchFuzz() {
    var numbers = SystemRandomNumberGenerator()
    let seed = numbers.next()
    var generator = Seed(seed).generator(for: "batches")
    let shape = TableShape(Shop.schema.relation("order")!)
    var rows = RowBatch(of: Shop.schema.relation("order")!)
    rows.add(
      keys: ["b1", "p1"],
      values: [.time(Timestamp(seconds: 1)), .missing, .number(2), .text("web"), .text("")])
    let good = rows.encoded()
    #expect(RowBatch(shape, decoding: good)?.encoded() == good)
    for _ in 0..<3000 {
      var bad = good
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        switch Int.random(in: 0..<3, using: &generator) {
        case 0:
          bad[Int.random(in: 0..<bad.count, using: &generator)] = .random(in: 0...255, using: &generator)
        case 1: bad.removeLast(Int.random(in: 0..<bad.count, using: &generator))
        default: bad.append(.random(in: 0...255, using: &generator))
        }
        if bad.isEmpty { break }
      }
      // It may by chance be another batch; it must never trap.
      if let other = RowBatch(shape, decoding: bad) {
        #expect(other.keys.allSatisfy { $0.count == other.count })
      }
    }
  }

  @Test("numpy reads every array") func numpy() throws {
    let python = ProcessInfo.processInfo.environment["RISKGRAPH_PYTHON"] ?? "/usr/bin/python3"
    let probe = Process()
    probe.executableURL = URL(fileURLWithPath: python)
    probe.arguments = ["-c", "import numpy"]
    probe.standardError = FileHandle.nullDevice
    guard (try? probe.run()) != nil else { return }
    probe.waitUntilExit()
    guard probe.terminationStatus == 0 else {
      print("numpy is not there: not tested (RISKGRAPH_PYTHON names a Python that has it)")
      return
    }
    let store = try pad.shop()
    let reader = Process()
    let pipe = Pipe()
    reader.executableURL = URL(fileURLWithPath: python)
    reader.arguments = [
      "-c",
      """
      import numpy, sys, glob
      f = sys.argv[1]
      for name in glob.glob(f + "/**/*.npy", recursive=True): numpy.load(name, mmap_mode="r" if numpy.load(name).size else None)
      print(numpy.load(f + "/relations/order/columns/amount.npy").tolist())
      print(numpy.load(f + "/nodes/buyer/keys.bytes.npy").tobytes().decode())
      """, store.path + "/snapshots/000001",
    ]
    reader.standardOutput = pipe
    try reader.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    reader.waitUntilExit()
    #expect(reader.terminationStatus == 0)
    #expect(text == "[9.5, 1000.0, 9.5, nan]\nb1b2b3b4\n")
  }
}
