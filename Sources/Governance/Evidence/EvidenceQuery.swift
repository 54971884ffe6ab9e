import Compute
import Features
import Foundation
import Graph
import Learning

/// What a number in a sentence is the answer to, so that anybody can ask again.
public enum EvidenceQuery: Sendable, Codable, Equatable, Hashable {
  /// A measure of a node, in the language of conditions.
  case measure(String, node: String)
  /// The middle of a measure over a sample of the nodes of a type that were seen.
  case median(String, type: String)
  /// A measure of a node over that middle.
  case ratio(String, node: String)
  /// A column of the model that no measure says, its middle, and what it adds to the log-odds.
  case column(String)
  case columnMedian(String)
  case contribution(String)
  /// The model's score, and what it would be with some columns at their middle.
  case score
  case scoreWith([String])

  /// How people read it.
  public var words: String {
    switch self {
    case .measure(let text, let node): "\(text) of \(node)"
    case .median(let text, let type): "median of \(text) over a sample of \(type)"
    case .ratio(let text, let node): "\(text) of \(node) over the median"
    case .column(let name): "column \"\(name)\""
    case .columnMedian(let name): "median of column \"\(name)\""
    case .contribution(let name): "what column \"\(name)\" adds to the log-odds"
    case .score: "the model's score"
    case .scoreWith(let names):
      "the model's score with \(names.map { "\"\($0)\"" }.joined(separator: ", ")) at their medians"
    }
  }
}

/// A sentence made of words and numbers, each number with its query.
public struct Finding: Sendable, Codable, Equatable {
  public struct Number: Sendable, Codable, Equatable {
    public enum Form: String, Sendable, Codable {
      case plain, percent, days, signed
    }
    public var query: EvidenceQuery
    public var value: Double
    public var form: Form

    public init(_ query: EvidenceQuery, _ value: Double, _ form: Form = .plain) {
      (self.query, self.value, self.form) = (query, value, form)
    }

    var shown: String {
      switch form {
      case .plain: Finding.plain(value)
      case .percent: "\(Finding.plain(value * 100)) %"
      case .days: "\(Finding.plain(value / 86_400)) days"
      case .signed: (value < 0 ? "−" : "+") + Finding.plain(abs(value))
      }
    }
  }

  /// With `{0}`, `{1}`, … where the numbers stand; a brace of the data's own is doubled.
  public var template: String
  public var numbers: [Number]
  /// How much it weighs, for ordering.
  public var weight: Double

  public init(_ template: String, _ numbers: [Number], weight: Double = 0) {
    (self.template, self.numbers, self.weight) = (template, numbers, weight)
  }

  public var text: String {
    numbers.indices.reduce(template) { $0.replacing("{\($1)}", with: numbers[$1].shown) }
  }

  /// Three digits that mean something, whole numbers in full.
  public static func plain(_ value: Double) -> String {
    guard value.isFinite else { return "unknown" }
    if value == value.rounded(), abs(value) < 1e9 { return grouped(Int(value)) }
    let digits = max(0, 2 - Int(floor(log10(abs(value)))))
    return String(format: "%.\(min(4, digits))f", value)
  }
}

/// A model's scores of everybody as of a view, with their columns: made when first asked for, and then kept.
final class LateScores {
  private let model: TrainedModel
  private let view: GraphView
  private let progress: ProgressSink
  private var made: ScoredRows?

  init(_ model: TrainedModel, _ view: GraphView, progress: ProgressSink = .silent) {
    (self.model, self.view, self.progress) = (model, view, progress)
  }

  func rows() throws -> ScoredRows {
    if let made { return made }
    let rows = try model.scoredRows(
      NodeTask.sight(of: model.card, view.graph, asOf: view.asOf), progress: progress)
    made = rows
    return rows
  }
}

/// Answers evidence's queries, each from the graph or the model anew.
public struct EvidenceDesk {
  public let view: GraphView
  public let key: NodeKey
  let node: NodeID
  let evidence: ModelEvidence?
  let model: TrainedModel?
  let sample: [NodeID]
  private let scores: LateScores?

  /// `scores`: where they may have been made already.
  init(
    _ view: GraphView, _ key: NodeKey, evidence: ModelEvidence?, model: TrainedModel?,
    scores: LateScores? = nil
  ) throws {
    self.view = view
    self.key = key
    node = try view.node(key)
    self.evidence = evidence
    self.model = model
    self.scores = scores ?? model.map { LateScores($0, view) }
    sample = try sampledNodes(view, key.type).map { NodeID(UInt32($0)) }
  }

  public func answer(_ query: EvidenceQuery) throws -> Double? {
    switch query {
    case .measure(let text, _): return try measure(text).value(of: node)
    case .median(let text, _): return try median(text)
    case .ratio(let text, _):
      guard let own = try measure(text).value(of: node), let usual = try median(text), usual != 0 else {
        return nil
      }
      return own / usual
    case .column(let name): return evidence?.columns.first { $0.name == name }?.value.map(Double.init)
    case .columnMedian(let name): return evidence?.columns.first { $0.name == name }?.median.map(Double.init)
    case .contribution(let name):
      return try scores?.rows().contributions(of: [node.index])?.first?[name]
    case .score:
      guard let evidence, let model, model.judgesRowsAlone else { return evidence?.score }
      return try model.probabilities(ofRows: [evidence.cells]).first
    case .scoreWith(let names):
      guard let evidence, let model, model.judgesRowsAlone else { return nil }
      return try model.probabilities(ofRows: [EvidenceDesk.cells(evidence, model, atMedian: Set(names))])
        .first
    }
  }

  func measure(_ text: String) throws -> BoundMeasure {
    try Measure(text, of: key.type, in: view.graph.schema).bound(to: view)
  }

  func median(_ text: String) throws -> Double? {
    let values = try measure(text).values(of: sample).filter { !$0.isNaN }.sorted()
    return values.isEmpty ? nil : values[values.count / 2]
  }

  static func cells(
    _ evidence: ModelEvidence, _ model: TrainedModel, atMedian names: Set<String>
  ) -> [[Float]] {
    let medians = Dictionary(evidence.columns.map { ($0.name, $0.median ?? .nan) }, uniquingKeysWith: { $1 })
    return zip(model.card.parts, evidence.cells).map { part, cells in
      zip(part.featureNames, cells).map { name, cell in names.contains(name) ? medians[name] ?? cell : cell }
    }
  }
}
