import Compute
import Graph
import Learning
import Tables

/// Who is really risky in a generated market, as its folder `truth` tells. For judging only: nothing that learns or
/// scores may read it.
///
///     let truth = try MarketTruth(folder: "out/truth").deeds(of: "merchant")
public struct MarketTruth: Sendable {
  private let byType: [String: Truth]

  /// Reads `nodes.parquet` or another table of that name.
  public init(folder: String) throws {
    let database = try Database()
    let nodes = try TableSource("nodes", in: folder, of: database)
    let lacking = ["type", "key", "typology", "is_risky", "started_at", "ended_at"].filter {
      !nodes.columns.contains($0)
    }
    if let first = lacking.first {
      throw TablesError.missingColumn(name: first, file: nodes.files[0].path)
    }
    let rows = try database.columns(
      """
      SELECT type::VARCHAR AS type, key::VARCHAR AS key, typology::VARCHAR AS typology,
        started_at::TIMESTAMP AS started, coalesce(ended_at::TIMESTAMP, TIMESTAMP '9999-01-01') AS ended
      FROM \(nodes.relation) WHERE is_risky::BOOLEAN ORDER BY 1, 2
      """)
    let (types, keys, kinds) = (rows.text("type"), rows.text("key"), rows.text("typology"))
    let (started, ended) = (rows.time("started"), rows.time("ended"))
    var deeds: [String: [String: Truth.Deed]] = [:]
    for row in 0..<rows.rows {
      deeds[types[row], default: [:]][keys[row]] = Truth.Deed(
        kind: kinds[row], from: Timestamp(seconds: started[row]), to: Timestamp(seconds: ended[row]))
    }
    byType = deeds.mapValues { Truth(deeds: $0) }
  }

  /// The deeds of the nodes of one type; nobody's where the truth tells of none.
  public func deeds(of type: String) -> Truth { byType[type] ?? Truth(deeds: [:]) }
}
