// A question put to the graph: which class has each node of a type, and what may be looked at to say so.
//
// Rows are asked about at a moment. Each moment sees the graph as it was visible then, and the labels that may be known then.
// With a ready split there is one moment, and only the training labels are visible in it. In time, rows for training come
// from earlier moments, validation from a later one: what is asked is who, not known by then, turns out bad before the end.

import Compute
import Features
import Graph

public struct NodeTask: Sendable {
  /// What is visible at a moment.
  public struct Sight: Sendable {
    public let view: VisibleGraph
    public let labels: KnownLabels
  }

  /// Rows with their classes, asked about in one sight.
  public struct Rows: Sendable {
    public let sight: Int
    public let nodes: [Int]
    public let classes: [Int]
  }

  public let labels: NodeLabels
  public let sights: [Sight]
  public let training: [Rows]
  public let validation: [Rows]
  public let test: [Rows]
  /// The split column, where there was a ready one.
  public let split: String?
  /// What bears this time or a later one is the future for the whole task; nil: there is no future.
  public let asOf: Timestamp?
  /// No label that became known from then on is in the training rows; nil where rows were not split in time.
  public var learnedBefore: Timestamp? = nil
  /// What a reader of the results should know.
  public var notes: [String]

  public var target: String { labels.type }
  public var classCount: Int { max(2, labels.classNames.count) }
  public var isBinary: Bool { classCount == 2 }
  /// Whether all rows stand in one sight, so that coordinates of one graph may be used.
  public var isTransductive: Bool { sights.count == 1 }
}

extension NodeTask {
  /// A ready split: a column that says train, val (or valid, validation) or test; other rows are unlabelled.
  public static func split(
    _ graph: MarketGraph, target: String, label: String? = nil, by column: String, asOf: Timestamp? = nil
  ) throws -> NodeTask {
    let view = VisibleGraph(graph, asOf: asOf)
    let table = try view.nodes(of: target)
    let labels = try NodeLabels(table, column: label)
    guard let values = table.texts(of: column) else {
      throw FeatureError.unknownColumn(name: column, type: target, known: table.columns.keys.sorted())
    }
    let visible = try view.visibleNodes(of: target)
    func rows(_ names: Set<String>) -> Rows {
      let nodes = visible.filter {
        values[$0].map { names.contains($0.lowercased()) } == true && labels.isKnown($0, before: asOf)
      }
      return Rows(sight: 0, nodes: nodes, classes: nodes.map { Int(labels.classes[$0]) })
    }
    let training = rows(["train", "training"])
    guard !training.nodes.isEmpty else {
      throw TaskError.noSplit(column: column, value: "train", found: Set(values.compactMap { $0 }).sorted())
    }
    var seen = [Int32](repeating: KnownLabels.unknown, count: table.count)
    for (node, label) in zip(training.nodes, training.classes) { seen[node] = Int32(label) }
    let known = KnownLabels(type: target, classes: seen, classCount: max(2, labels.classNames.count))
    let task = NodeTask(
      labels: labels, sights: [Sight(view: view, labels: known)], training: [training],
      validation: [rows(["val", "valid", "validation"])], test: [rows(["test"])], split: column, asOf: asOf,
      notes: [])
    try task.refuseOneClass()
    return task
  }

  /// In time: trains on moments before `asOf` and validates on a later one, also before it.
  ///
  /// Where labels have no time, one sight is split by chance instead, and the notes say so. The later rows are dealt in two: half validate, half are the test.
  public static func inTime(
    _ graph: MarketGraph, target: String, label: String? = nil, asOf: Timestamp?, seed: Seed = Seed(1)
  ) throws -> NodeTask {
    let view = VisibleGraph(graph, asOf: asOf)
    let table = try view.nodes(of: target)
    let labels = try NodeLabels(table, column: label)
    let visible = try view.visibleNodes(of: target)
    let known = visible.filter { labels.isKnown($0, before: asOf) }
    guard !known.isEmpty else {
      let earliest = labels.known.flatMap { $0.filter { $0 != Column.missingTime }.min() }
      throw TaskError.nothingKnown(
        column: labels.column, asOf: asOf?.description ?? "the end",
        earliest: earliest.map { Timestamp(seconds: $0).description } ?? "never")
    }
    let timed = known.compactMap { node -> Int64? in
      guard let time = labels.known?[node], time != Column.missingTime, labels.classes[node] > 0 else {
        return nil
      }
      return time
    }.sorted()
    let task =
      timed.count >= 20
        && (table.times != nil || graph.relations.values.contains { $0.out.snapshot.times != nil })
      ? try moments(graph, labels, asOf: asOf, timed: timed)
      : byChance(view, labels, known: known, visible: visible, asOf: asOf, seed: seed)
    try task.refuseOneClass()
    return task
  }

  private static func moments(
    _ graph: MarketGraph, _ labels: NodeLabels, asOf: Timestamp?, timed: [Int64]
  ) throws -> NodeTask {
    func cut(_ share: Double) -> Timestamp { Timestamp(seconds: timed[Int(share * Double(timed.count - 1))]) }
    let end = asOf ?? Timestamp(seconds: timed[timed.count - 1] + 1)
    let later = cut(0.75)
    var notes: [String] = []
    // Where only bad ones are ever marked, whoever was not marked by then counts as good.
    let marksGood = labels.classes.contains(0)
    if !marksGood || labels.classNames.count < 2 {
      notes.append(
        "Only one class is marked in \(labels.column): whoever was not marked by then counts as the other.")
    }
    func rows(sight: Int, view: VisibleGraph, from: Timestamp, to: Timestamp) throws -> NodeTask.Rows {
      var nodes: [Int] = []
      var classes: [Int] = []
      for node in try view.visibleNodes(of: labels.type) {
        let label = labels.classes[node]
        let isKnownLater = labels.isKnown(node, before: to)
        if label > 0, isKnownLater, labels.isKnown(node, before: from) { continue }
        if label > 0, isKnownLater {
          nodes.append(node)
          classes.append(Int(label))
        } else if label == 0 && isKnownLater || !marksGood || label > 0 {
          nodes.append(node)
          classes.append(0)
        }
      }
      return Rows(sight: sight, nodes: nodes, classes: classes)
    }
    var cuts: [Timestamp] = []
    for share in [0.15, 0.35, 0.55] where cuts.last.map({ $0 < cut(share) }) ?? true {
      cuts.append(cut(share))
    }
    cuts.removeAll { $0 >= later }
    var sights: [Sight] = []
    var training: [Rows] = []
    for cut in cuts {
      let view = VisibleGraph(graph, asOf: cut)
      training.append(try rows(sight: sights.count, view: view, from: cut, to: later))
      sights.append(Sight(view: view, labels: labels.knownLabels(before: cut)))
    }
    let view = VisibleGraph(graph, asOf: later)
    let asked = try rows(sight: sights.count, view: view, from: later, to: end)
    let (validation, test) = dealt(asked, among: 2)
    sights.append(Sight(view: view, labels: labels.knownLabels(before: later)))
    notes.append(
      "Trained on what was visible at \(cuts.map(\.description).joined(separator: ", ")) and known by \(later); "
        + "validated on \(later), by what was known by \(end).")
    notes.append(remark(on: test, of: labels.type))
    return NodeTask(
      labels: labels, sights: sights, training: training, validation: [validation],
      test: test.map { [$0] } ?? [], split: nil, asOf: end, learnedBefore: later, notes: notes)
  }

  /// Rows that choose (when to stop, what to blend, how to calibrate) and rows that only measure, apart, so that no
  /// printed figure was chosen for. Where there are too few of either class all choose.
  private static func dealt(_ rows: Rows, among parts: UInt64) -> (validation: Rows, test: Rows?) {
    let positives = rows.classes.count { $0 > 0 }
    guard min(positives, rows.classes.count - positives) >= 40 else { return (rows, nil) }
    let stream = Seed(1).stream(for: "rows that measure")
    var sides: [[Int]] = [[], []]
    for place in rows.nodes.indices {
      var numbers = stream.generator(item: rows.nodes[place])
      sides[numbers.next() % parts == 0 ? 1 : 0].append(place)
    }
    let halves = sides.map { side in
      Rows(sight: rows.sight, nodes: side.map { rows.nodes[$0] }, classes: side.map { rows.classes[$0] })
    }
    return (halves[0], halves[1])
  }

  private static func remark(on test: Rows?, of type: String) -> String {
    test == nil
      ? "Too few rows to keep some for measuring alone: the figures are of rows that also chose, and flatter."
      : "Half of the later rows of \(type) chose (when to stop, what to blend, calibration); the figures are of the other half."
  }

  private static func byChance(
    _ view: VisibleGraph, _ labels: NodeLabels, known: [Int], visible: [Int], asOf: Timestamp?, seed: Seed
  ) -> NodeTask {
    // Each class by itself, so that a few positives do not all fall on one side.
    var parts: (training: [Int], validation: [Int]) = ([], [])
    for label in Set(known.map { labels.classes[$0] }).sorted() {
      var numbers = seed.generator(for: "split by chance", item: Int(label))
      let own = known.filter { labels.classes[$0] == label }.shuffled(using: &numbers)
      let cut = Int((0.7 * Double(own.count)).rounded(.up))
      parts.training += own[..<cut]
      parts.validation += own[cut...]
    }
    parts.training.sort()
    parts.validation.sort()
    var seen = [Int32](repeating: KnownLabels.unknown, count: labels.classes.count)
    for node in parts.training { seen[node] = labels.classes[node] }
    func rows(_ nodes: [Int]) -> Rows {
      Rows(sight: 0, nodes: nodes, classes: nodes.map { Int(labels.classes[$0]) })
    }
    let classes = max(2, labels.classNames.count)
    let (validation, test) = dealt(rows(parts.validation), among: 2)
    return NodeTask(
      labels: labels,
      sights: [Sight(view: view, labels: KnownLabels(type: labels.type, classes: seen, classCount: classes))],
      training: [rows(parts.training)], validation: [validation], test: test.map { [$0] } ?? [], split: nil,
      asOf: asOf,
      notes: [
        "Too few labels of \(labels.type) say since when they were known: validation rows were chosen by chance, not later in time.",
        remark(on: test, of: labels.type),
      ])
  }

  private func refuseOneClass() throws(LearningError) {
    let classes = training.flatMap(\.classes)
    guard let first = classes.first else { throw .noRows(what: "labelled training rows") }
    guard classes.contains(where: { $0 != first }) else {
      throw .oneClassOnly(
        what: "training rows", label: first < labels.classNames.count ? labels.classNames[first] : "none",
        count: classes.count)
    }
  }
}

extension NodeTable {
  /// A column as texts, nil where missing.
  func texts(of name: String) -> [String?]? {
    switch columns[name] {
    case .category(let codes, let levels)?:
      codes.map { $0 == Column.missingCode ? nil : levels[Int($0)] }
    case .text(let texts)?: (0..<texts.count).map { texts[$0] }
    case .number(let values)?: values.map { $0.isNaN ? nil : String($0) }
    case .time?, nil: nil
    }
  }
}
