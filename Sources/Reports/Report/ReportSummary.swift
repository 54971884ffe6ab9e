import Foundation

/// What a report says of itself to the next one; it stands hidden in the page.
public struct ReportSummary: Sendable, Codable, Equatable {
  public struct Group: Sendable, Codable, Equatable {
    public var name: String
    public var members: Int
    public var suspicion: Double?
  }
  public struct Model: Sendable, Codable, Equatable {
    public var name: String
    public var version: Int
    public var advice: String
  }
  public struct Ranked: Sendable, Codable, Equatable {
    public var name: String
    public var members: [String]
    public var probability: Double
  }

  public var format = 1
  public var store: String
  public var madeAt: String
  public var snapshot: Int?
  public var nodes: [String: Int]
  public var edges: [String: Int]
  public var queueCount: Int?
  public var ranked: [Ranked]
  public var groups: [Group]
  public var models: [Model]

  /// The summary inside a report that was written before; nil where the text is none, or of a kind that is not known.
  public init?(html: String) {
    guard let document = HiddenJSON.document(in: html),
      let found = try? JSONDecoder().decode(ReportSummary.self, from: Data(document.utf8)), found.format == 1
    else { return nil }
    self = found
  }

  init(_ report: RiskReport) {
    store = report.store
    madeAt = report.madeAt
    snapshot = report.snapshot
    nodes = Dictionary(report.nodes.map { ($0.type, $0.count) }, uniquingKeysWith: { $1 })
    edges = Dictionary(report.edges.map { ($0.relation, $0.count) }, uniquingKeysWith: { $1 })
    queueCount = report.queue?.count
    ranked =
      (report.queue ?? report.ranking)?.rows.map {
        Ranked(name: $0.name, members: $0.members, probability: $0.probability.isFinite ? $0.probability : 0)
      } ?? []
    groups = report.groups.map {
      Group(
        name: $0.name, members: $0.members.count, suspicion: $0.suspicion.flatMap { $0.isFinite ? $0 : nil })
    }
    models = report.models.map {
      Model(name: $0.title, version: $0.card.version, advice: $0.health.advice.rawValue)
    }
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}

extension RiskReport {
  public var summary: ReportSummary { ReportSummary(self) }
}
