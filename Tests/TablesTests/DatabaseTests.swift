import Compute
import Foundation
import Testing

@testable import Tables

@Suite("A database in memory")
struct DatabaseTests {
  @Test("columns come back typed, with missing values marked")
  func typedColumns() throws {
    let database = try Database()
    let columns = try database.columns(
      """
      SELECT i::UINTEGER AS u, i::BIGINT AS n, (i / 2)::FLOAT AS f, (i / 4)::DOUBLE AS d, i::UBIGINT AS w,
        i % 2 = 1 AS flag, i::TINYINT AS tiny, 'text ' || repeat('x', i * 3) AS t,
        TIMESTAMP '1969-12-31 23:59:58.5' + to_seconds(i) AS at, DATE '1970-01-02' AS day
      FROM (SELECT CASE WHEN range = 3 THEN NULL ELSE range END AS i FROM range(6)) ORDER BY coalesce(i, 3)
      """)
    #expect(columns.rows == 6)
    #expect(columns.uint32("u") == [0, 1, 2, .max, 4, 5])
    #expect(columns.integer("n") == [0, 1, 2, .min, 4, 5])
    #expect(columns.float("f")[5] == 2.5)
    #expect(columns.float("f")[3].isNaN)
    #expect(columns.double("d")[1] == 0.25)
    #expect(columns.double("d")[3].isNaN)
    #expect(columns.uint64("w") == [0, 1, 2, .max, 4, 5])
    #expect(columns.integer("flag") == [0, 1, 0, .min, 0, 1])
    #expect(columns.integer("tiny") == [0, 1, 2, .min, 4, 5])
    #expect(columns.text("t")[0] == "text ")
    #expect(columns.text("t")[5] == "text xxxxxxxxxxxxxxx")
    #expect(columns.text("t")[3] == "")
    #expect(columns.time("at") == [-2, -1, 0, .min, 2, 3])
    #expect(columns.time("day") == [86_400, 86_400, 86_400, 86_400, 86_400, 86_400])
  }

  @Test("a hundred thousand rows keep their order and every byte")
  func manyRows() throws {
    let database = try Database()
    let columns = try database.columns(
      "SELECT range::UINTEGER AS u, 'key-' || (range * 7919 % 100000) AS k FROM range(100000)")
    #expect(columns.uint32("u").elementsEqual(0..<100_000))
    let keys = columns.text("k")
    #expect((0..<100_000).allSatisfy { keys[$0] == "key-\($0 * 7919 % 100_000)" })
  }

  @Test("a value that looks like SQL is only a value")
  func bindings() throws {
    let database = try Database()
    try database.run("CREATE TABLE t (k VARCHAR, n BIGINT, x DOUBLE, b BOOLEAN)")
    let hostile = "'; DROP TABLE t; --\u{0}\"\u{301}"
    try database.run("INSERT INTO t VALUES (?, ?, ?, ?)", [.text(hostile), 7, 0.5, true])
    try database.run("INSERT INTO t VALUES ($1, $2, $3, $4)", [nil, nil, nil, nil])
    #expect(try database.count("SELECT count(*) FROM t WHERE k = ?", [.text(hostile)]) == 1)
    #expect(try database.columns("SELECT k FROM t WHERE n = 7").text("k")[0] == hostile)
    #expect(try database.count("SELECT count(*) FROM t WHERE k IS NULL AND b IS NULL") == 1)
  }

  @Test("a name of any characters is one name")
  func names() throws {
    let database = try Database()
    for name in ["plain", "two words", "a\"b", "a\"\u{301}; DROP TABLE x; --", "select", "é", "'"] {
      try database.run("CREATE TABLE \(SQL.name(name)) AS SELECT 1 AS \(SQL.name(name))")
      #expect(try database.query("FROM \(SQL.name(name))").names == [name])
      #expect(try database.columns("SELECT \(SQL.text(name)) AS t").text("t")[0] == name)
    }
  }

  @Test("the wrong number of values, and wrong SQL, are errors")
  func refusals() throws {
    let database = try Database()
    #expect(throws: TablesError.refused(reason: "The statement has 1 parameters and was given 0 values.")) {
      try database.run("SELECT ?")
    }
    #expect(throws: TablesError.self) { try database.run("SELEC 1") }
    #expect(throws: TablesError.self) { try database.run("SELECT 1 \u{0}") }
    #expect(throws: TablesError.self) { try database.columns("SELECT [1, 2] AS list") }
    #expect(throws: TablesError.self) {
      try database.columns("SELECT 'x' || range FROM range(10) WHERE error('no')")
    }
  }

  @Test("SQL cannot loosen the settings or reach the network")
  func settings() throws {
    let database = try Database()
    #expect(throws: TablesError.self) { try database.run("SET autoinstall_known_extensions = true") }
    #expect(throws: TablesError.self) { try database.run("FROM 'https://localhost/x.csv'") }
  }

  @Test("a statement that needs more memory than the limit fails kindly")
  func memoryLimit() throws {
    let database = try Database(memoryLimit: 64 << 20)
    #expect {
      try database.run("CREATE TABLE t AS SELECT hash(range) AS h, hash(range + 1) AS g FROM range(20000000)")
    } throws: { error in
      if case TablesError.outOfMemory = error { true } else { false }
    }
    #expect(try database.count("SELECT 1::BIGINT") == 1)
  }

  @Test("a stop request ends a statement that would run for hours")
  func stopping() async throws {
    let database = try Database()
    let stop = StopRequest()
    Thread.detachNewThread {
      usleep(100_000)
      stop.stop()
    }
    #expect(throws: CancellationError.self) {
      try database.run("SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b", stop: stop)
    }
    #expect(try database.count("SELECT 1::BIGINT") == 1)
  }

  @Test("a result is the same however many threads made it")
  func threads() throws {
    let sql = "SELECT range::UINTEGER AS u FROM range(300000) WHERE hash(range) % 3 = 0"
    let one = try Database(threads: 1).columns(sql).uint32("u")
    let four = try Database(threads: 4).columns(sql).uint32("u")
    #expect(one == four)
  }

  @Test("chunks fetched ahead come whole and in order, and what went wrong comes after them")
  func ahead() throws {
    let database = try Database(threads: 2)
    var next: Int64 = 0
    try database.stream("SELECT range::BIGINT AS n FROM range(200000)").forEachAhead(depth: 3) { chunk in
      chunk.withVector(0, of: Int64.self) { numbers, _ in
        for row in 0..<chunk.rows where numbers[row] == next { next += 1 }
      }
    }
    #expect(next == 200_000)

    var rows = 0
    #expect(throws: (any Error).self) {
      try database.stream(
        "SELECT CASE WHEN range = 150000 THEN error('here') ELSE range END FROM range(200000)"
      ).forEachAhead { rows += $0.rows }
    }
    #expect(rows < 200_000)
  }

  @Test("who stops half-way leaves a database that answers")
  func abandoned() throws {
    struct Enough: Error {}
    let database = try Database(threads: 2)
    #expect(throws: Enough.self) {
      try database.stream("SELECT range FROM range(10000000)").forEachAhead(depth: 2) { _ in throw Enough() }
    }
    #expect(try database.count("SELECT 7::BIGINT") == 7)
  }
}
