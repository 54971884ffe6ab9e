import Compute
import Tables
import Testing

@testable import Marketplace

/// What was written as Parquet, read by DuckDB, against the same market as CSV, read by DuckDB too.
@Suite("Parquet files")
struct ParquetTests {
  @Test("hold the same rows in the same order as the CSV of the same market, in types that fit")
  func sameAsCSV() throws {
    let parquet = try GeneratorTests.make(GeneratorOptions(scale: .tiny, format: .parquet))
    let csv = try GeneratorTests.make(GeneratorOptions(scale: .tiny, format: .csv))
    let database = try Database()
    for table in MarketTable.allCases {
      let name = (table.isTruth ? "truth/" : "") + table.spec.name
      let typed = "read_parquet(\(SQL.file(parquet.file(name + ".parquet"))))"
      let plain = "read_csv(\(SQL.file(csv.file(name + ".csv"))), all_varchar = true, header = true)"
      let described = try database.columns(
        "SELECT column_name AS n, column_type AS t FROM (DESCRIBE FROM \(typed))")
      let columns = (0..<described.rows).map {
        (name: described.text("n")[$0], type: described.text("t")[$0])
      }
      #expect(columns.contains { $0.type == "VARCHAR" } && !columns.contains { $0.type == "BLOB" }, "\(name)")
      // The CSV's texts, cast to Parquet's types, row by row.
      let cast = columns.map { "TRY_CAST(c.\(SQL.name($0.name)) AS \($0.type))" }
      let differs = zip(columns, cast).map { "p.\(SQL.name($0.name)) IS DISTINCT FROM \($1)" }
      let rows = try database.count("SELECT count(*) FROM \(typed)")
      #expect(rows == (try database.count("SELECT count(*) FROM \(plain)")), "\(name)")
      let odd = try database.count(
        """
        SELECT count(*) FROM (SELECT *, row_number() OVER () AS "row" FROM \(typed)) p
        JOIN (SELECT *, row_number() OVER () AS "row" FROM \(plain)) c ON p."row" = c."row"
        WHERE \(differs.joined(separator: " OR "))
        """)
      #expect(odd == 0, "\(name)")
      // A cast that failed would be a null on both sides: as many values are there in one as in the other.
      for column in columns {
        let quoted = SQL.name(column.name)
        let values = try database.count("SELECT count(\(quoted)) FROM \(typed)")
        #expect(
          values == (try database.count("SELECT count(\(quoted)) FROM \(plain)")), "\(name).\(column.name)")
      }
    }
  }
}
