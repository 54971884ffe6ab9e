import Compute
import Features
import Foundation
import Graph
import Learning
import Store
import Testing

@testable import Governance

/// A store whose merchants are risky when they share a device with a risky one: eighty of them, with labels of sixty.
final class PlantedShop {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("planted-\(UUID().uuidString)")
    .path
  let store: Store
  static let schema = Shop.schema

  init(_ kind: ModelKind = .trees) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    store = try Store.create(at: folder + "/shop.rg", schema: Shop.schema)
    var numbers = Seed(3).generator(for: "planted")
    let names = Shop.schema.nodeType("merchant")!.tableColumns.map(\.name)
    var merchants = RowBatch(of: Shop.schema.nodeType("merchant")!)
    var logins = RowBatch(of: Shop.schema.relation("logs_in")!)
    var orders = RowBatch(of: Shop.schema.relation("orders")!)
    for number in 0..<240 {
      let isRisky = number % 4 == 0
      let values: [String: RowBatch.Value] = [
        "refund_rate": .number(Float(numbers.unit()) * 0.2 + (isRisky ? 0.12 : 0)), "country": .text("CN"),
        "opened_at": .time(Shop.start),
        "risky": number < 200 ? .number(isRisky ? 1 : 0) : .missing,
        "known_at": number < 200 ? .time(Shop.day(5 + number % 20)) : .missing,
      ]
      merchants.add(keys: ["m\(number)"], values: names.map { values[$0] ?? .missing })
      // The risky come in fours that share a device; everybody has a device of their own besides.
      logins.add(keys: ["m\(number)", "own\(number)"], values: [.time(Shop.day(1))])
      if isRisky { logins.add(keys: ["m\(number)", "ring\(number / 32)"], values: [.time(Shop.day(2))]) }
      for order in 0..<(isRisky && number >= 200 ? 30 : 6) {
        orders.add(
          keys: ["b\(Int(numbers.unit() * 60))", "m\(number)"],
          values: Shop.schema.relation("orders")!.tableColumns.map {
            $0.name == "at"
              ? .time(Shop.day(isRisky && number >= 200 ? 20 + order % 10 : 2 + 5 * order)) : .number(10)
          })
      }
    }
    try store.append(nodeType: "merchant", rows: merchants)
    let appender = try store.appender(unknownKeys: .create)
    try appender.append(relation: "logs_in", logins)
    try appender.append(relation: "orders", orders)
    let graph = try store.graph()
    let task = try NodeTask.inTime(graph, target: "merchant", asOf: Shop.day(30))
    var training = ModelTraining(kind, hops: kind == .trees ? 2 : 0)
    training.trees.rounds = 60
    try ModelFolder(path: store.path + "/models").save(training.fit(task), name: kind.rawValue)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }
}

@Suite("An explanation", .serialized) struct ExplanationTests {
  private func flagged(_ kind: ModelKind = .trees) throws -> (PlantedShop, Explainer, Explanation) {
    let shop = try PlantedShop(kind)
    var settings = FlagSettings(targets: ["merchant"], budget: 20)
    settings.exploration = 0
    settings.line = 0.3
    var flagging = Flagging(shop.store)
    flagging.book.now = { Shop.day(31) }
    let outcome = try flagging.plan(
      settings, rules: RuleBook(Shop.rules, in: Shop.schema), asOf: Shop.day(31))
    try flagging.write(outcome)
    let key = try #require(outcome.plan.cases.first?.members.first?.key)
    var explainer = Explainer(shop.store)
    explainer.line = 0.3
    return (shop, explainer, try explainer.explain(key))
  }

  @Test("every number in every sentence is what its query answers, and stands in the sentence")
  func numbers() throws {
    let (shop, explainer, explanation) = try flagged()
    // Its folder goes with it.
    defer { withExtendedLifetime(shop) {} }
    let desk = try explainer.desk(for: explanation)
    #expect(!explanation.reasons.isEmpty)
    #expect(explanation.findings.count >= 3)
    for finding in explanation.findings {
      for number in finding.numbers {
        let again = try #require(try desk.answer(number.query), "\(number.query)")
        #expect(
          abs(again - number.value) <= 1e-6 * max(1, abs(number.value)),
          "\(number.query.words) in \(finding.text)")
        #expect(finding.text.contains(number.shown))
      }
      #expect(!finding.text.contains("{"))
    }
  }

  @Test("the measures among them are what the rows say")
  func measures() throws {
    let (shop, _, explanation) = try flagged()
    let graph = try shop.store.graph()
    let node = try graph.view().node(explanation.key)
    // Counted from the rows by hand, not by the language of conditions.
    let logins = graph.relations["logs_in"]!
    var devices: Set<UInt32> = []
    for layer in [logins.out.snapshot, logins.out.appended].compactMap({ $0 })
    where node.index < layer.rowCount {
      for entry in layer.row(node.index) { devices.insert(layer.targets[entry]) }
    }
    let sentence = try #require(explanation.relations.first { $0.text.contains("device") })
    #expect(sentence.numbers[1].value == Double(devices.count))
    #expect(sentence.text.contains("known to be risky"))
  }

  @Test("what was kept when flagging explains without scoring again, and says the same as scoring again")
  func kept() throws {
    let (shop, explainer, explanation) = try flagged()
    let evidence = try #require(explanation.model)
    let model = try ModelFolder(path: shop.store.path + "/models").load(target: "merchant", name: "trees")
    let sight = try NodeTask.sight(of: model.card, shop.store.graph(), asOf: explanation.asOf)
    let scores = try model.scores(sight)
    let node = try shop.store.graph().view().node(explanation.key)
    #expect(abs(scores[node.index] - evidence.score) < 1e-6)
    #expect(abs(try model.probabilities(ofRows: [evidence.cells])[0] - evidence.score) < 1e-6)
    _ = explainer
  }

  @Test(
    "Shapley values add up: taking the strongest columns away moves the score more than taking random ones")
  func faithful() throws {
    let (shop, _, explanation) = try flagged()
    let evidence = try #require(explanation.model)
    let model = try ModelFolder(path: shop.store.path + "/models").load(target: "merchant", name: "trees")
    let top = evidence.columns.filter { $0.contribution > 0 && $0.median != $0.value && $0.median != nil }
      .prefix(3).map(\.name)
    let without = try model.probabilities(ofRows: [EvidenceDesk.cells(evidence, model, atMedian: Set(top))])[
      0]
    var numbers = Seed(5).generator(for: "random evidence")
    let usable = evidence.columns.filter { $0.median != nil && !top.contains($0.name) }.map(\.name)
    var drops: [Double] = []
    for _ in 0..<20 {
      let random = Set((0..<3).map { _ in usable[Int(numbers.unit() * Double(usable.count))] })
      drops.append(
        evidence.score
          - (try model.probabilities(ofRows: [EvidenceDesk.cells(evidence, model, atMedian: random)])[0]))
    }
    let mean = drops.reduce(0, +) / Double(drops.count)
    #expect(evidence.score - without > mean, "\(evidence.score) falls to \(without); at random by \(mean)")
  }

  @Test("the planted cause, the shared device, is found by masking, and the score falls without it")
  func planted() throws {
    let (shop, _, explanation) = try flagged()
    // Its folder goes with it.
    defer { withExtendedLifetime(shop) {} }
    let first = try #require(explanation.edges.masked.first)
    #expect(first.neighbour.key.hasPrefix("ring"), "\(explanation.edges.masked.prefix(3))")
    #expect(first.drop > 0)
    let without = try #require(explanation.edges.scoreWithoutThese)
    let only = try #require(explanation.edges.scoreWithOnlyThese)
    #expect(without < only)
  }

  @Test("a network that hears neighbours is explained by its columns and by whom it hears")
  func network() throws {
    let (shop, explainer, explanation) = try flagged(.rgcn)
    defer { withExtendedLifetime(shop) {} }
    let evidence = try #require(explanation.model)
    #expect(evidence.columns.contains { $0.contribution != 0 })
    #expect(!explanation.reasons.isEmpty)
    let desk = try explainer.desk(for: explanation)
    for finding in explanation.findings {
      for number in finding.numbers {
        let again = try #require(try desk.answer(number.query), "\(number.query)")
        #expect(abs(again - number.value) <= 1e-4 * max(1, abs(number.value)), "\(number.query.words)")
      }
    }
    // It walks from merchant to merchant by the device that they share: ring-mates are risky, as far as anybody is.
    let first = try #require(explanation.edges.masked.first)
    #expect(first.neighbour.type == "merchant" && first.drop > 0)
    let number = try #require(Int(first.neighbour.key.dropFirst()))
    #expect(number % 4 == 0, "\(explanation.edges.masked.prefix(3))")
    let without = try #require(explanation.edges.scoreWithoutThese)
    let only = try #require(explanation.edges.scoreWithOnlyThese)
    #expect(without < only)
  }

  @Test("the smallest change brings the score under the line, and asking again agrees")
  func counterfactual() throws {
    let (shop, explainer, explanation) = try flagged()
    // Its folder goes with it.
    defer { withExtendedLifetime(shop) {} }
    let finding = try #require(explanation.counterfactual)
    let reached = try #require(
      finding.numbers.first { if case .scoreWith = $0.query { true } else { false } })
    #expect(reached.value < explainer.line || finding.text.contains("not be enough"))
  }

  @Test("similar decided cases are those with the same reasons")
  func similar() throws {
    let (shop, explainer, explanation) = try flagged()
    var book = CaseBook(shop.store)
    book.now = { Shop.day(31) }
    let others = try book.cases(in: [.open]).filter { $0.members[0] != explanation.key }.prefix(4)
    for one in others { try book.decide(one.number, .delist, by: "ana", because: "x") }
    let again = try explainer.explain(explanation.key)
    #expect(again.similar.count == min(3, others.count))
    #expect(again.similar.map(\.likeness) == again.similar.map(\.likeness).sorted(by: >))
    #expect(explanation.model!.likeness(to: explanation.model!) > 0.999_999)
  }

  @Test("the picture holds the node and what it shares, with hostile names written out")
  func picture() throws {
    let (shop, explainer, explanation) = try flagged()
    // Its folder goes with it.
    defer { withExtendedLifetime(shop) {} }
    let picture = try explainer.picture(of: explanation)
    #expect(picture.nodes.first?.name == "\(explanation.key)")
    #expect(picture.nodes.contains { $0.name.hasPrefix("device:ring") })
    #expect(picture.svg().contains("<svg"))
  }
}

@Suite("Where to draw the line") struct CapacityTests {
  @Test("on certain probabilities precision and value are plain sums")
  func certain() throws {
    let probabilities = Array(repeating: 1.0, count: 10) + Array(repeating: 0.0, count: 90)
    let plan = try CapacityPlan(
      probabilities: probabilities, reviewsPerDay: 20, costOfMissing: 400, costOfFalse: 100)
    #expect(plan.worthwhileLine == 0.2)
    #expect(plan.chosen.reviews == 10 && !plan.isFull)
    #expect(plan.chosen.precision == 1 && plan.chosen.caught == 1 && plan.chosen.value == 4000)
    let twenty = try #require(plan.alternatives.first { $0.reviews == 20 })
    #expect(twenty.precision == 0.5 && twenty.value == 4000 - 1000)
  }

  @Test("the interval holds what chance brings, nineteen times in twenty")
  func interval() throws {
    var numbers = Seed(11).generator(for: "capacity")
    let probabilities = (0..<200).map { _ in numbers.unit() }
    let plan = try CapacityPlan(
      probabilities: probabilities, reviewsPerDay: 60, costOfMissing: 9, costOfFalse: 1)
    let taken = probabilities.sorted(by: >).prefix(plan.chosen.reviews)
    var inside = 0
    let rounds = 2000
    for _ in 0..<rounds {
      let precision = Double(taken.count { numbers.unit() < $0 }) / Double(taken.count)
      if precision >= plan.chosen.precisionInterval.low - 1e-12,
        precision <= plan.chosen.precisionInterval.high + 1e-12
      {
        inside += 1
      }
    }
    #expect(Double(inside) / Double(rounds) > 0.92 && Double(inside) / Double(rounds) < 0.985)
  }

  @Test("a full day draws the line where the reviews end")
  func full() throws {
    let plan = try CapacityPlan(
      probabilities: (1...100).map { Double($0) / 100 }, reviewsPerDay: 10, costOfMissing: 1, costOfFalse: 1)
    #expect(plan.isFull && plan.chosen.reviews == 10 && plan.chosen.line == 0.91)
    #expect(throws: GovernanceError.self) {
      try CapacityPlan(probabilities: [], reviewsPerDay: 0, costOfMissing: 1, costOfFalse: 1)
    }
  }
}
