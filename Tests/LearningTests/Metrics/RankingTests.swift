import Testing

@testable import Learning

@Suite("Metrics of a ranking")
struct RankingTests {
  let stored = try! Ranking(scores: Stored.scores, labels: Stored.labels)

  @Test("agree with scikit-learn on a stored example with ties")
  func storedExample() {
    #expect(abs(stored.areaUnderROC - 0.9202609641174339) < 1e-9)
    #expect(abs(stored.averagePrecision - 0.8052136811368036) < 1e-9)
    #expect(abs(stored.brierScore - 0.13572916666666665) < 1e-9)
    #expect(abs(stored.f1(at: 0.5) - 0.675) < 1e-9)
    #expect(abs(stored.recall(atPrecision: 0.6) - 0.8387096774193549) < 1e-9)
    #expect(abs(stored.precision(atRecall: 0.5) - 0.8181818181818182) < 1e-9)
    #expect(abs(stored.calibrationError() - 0.16624999999999998) < 1e-9)
  }

  @Test("AUROC is the share of pairs in the right order, ties half")
  func pairs() {
    var right = 0.0
    var pairs = 0.0
    for (a, isPositive) in zip(Stored.scores, Stored.labels) where isPositive {
      for (b, isPositive) in zip(Stored.scores, Stored.labels) where !isPositive {
        right += a > b ? 1 : a == b ? 0.5 : 0
        pairs += 1
      }
    }
    #expect(abs(stored.areaUnderROC - right / pairs) < 1e-12)
  }

  @Test("equal scores everywhere tell nothing")
  func ties() throws {
    let ranking = try Ranking(scores: [0.3, 0.3, 0.3, 0.3], labels: [true, false, false, false])
    #expect(ranking.areaUnderROC == 0.5)
    #expect(ranking.averagePrecision == 0.25)
    #expect(ranking.precision(atTop: 2) == 0.25)
    #expect(ranking.recall(atTop: 2) == 0.5)
  }

  @Test("the top of a ranking holds what counting by hand finds")
  func top() throws {
    let ranking = try Ranking(
      scores: [0.9, 0.8, 0.7, 0.7, 0.1], labels: [true, false, true, false, true])
    #expect(ranking.found(inTop: 1) == 1)
    #expect(ranking.precision(atTop: 2) == 0.5)
    #expect(ranking.found(inTop: 3) == 1.5)
    #expect(ranking.recall(atTop: 4) == 2.0 / 3)
    #expect(ranking.recall(atTop: 99) == 1)
    #expect(ranking.precision(atTop: 99) == 0.6)
    #expect(ranking.precision(atTop: 0) == 0)
    #expect(ranking.rows(atBudget: 0.4) == 2)
    #expect(ranking.rows(atBudget: 0.0001) == 1)
    #expect(ranking.recall(atPrecision: 0.99) == 1.0 / 3)
  }

  @Test("the best threshold has the highest F1 of all")
  func threshold() {
    let best = stored.bestThreshold
    let all = stored.scores.map { stored.f1(at: $0) }
    #expect(best.f1 == all.max())
    #expect(stored.f1(at: best.threshold) == best.f1)
  }

  @Test("curves begin and end where they must and never fall back")
  func curves() {
    let roc = stored.rocCurve
    #expect(roc.first! == (0, 0) && roc.last! == (1, 1))
    for (a, b) in zip(roc, roc.dropFirst()) {
      #expect(a.falsePositiveRate <= b.falsePositiveRate && a.truePositiveRate <= b.truePositiveRate)
    }
    #expect(stored.precisionRecallCurve.last!.recall == 1)
    #expect(abs(stored.precisionRecallCurve.last!.precision - stored.prevalence) < 1e-12)
  }

  @Test("what cannot be measured is refused with its reason")
  func refusals() {
    #expect(throws: LearningError.oneClassOnly(what: "rows", label: "1", count: 2)) {
      try Ranking(scores: [0.1, 0.2] as [Double], labels: [true, true])
    }
    #expect(throws: LearningError.notFinite(what: "scores", row: 1)) {
      try Ranking(scores: [0.1, .nan] as [Double], labels: [true, false])
    }
    #expect(throws: LearningError.noRows(what: "rows to measure")) {
      try Ranking(scores: [] as [Double], labels: [])
    }
    #expect(
      throws: LearningError.differentLengths(what: "scores", count: 1, other: "labels", otherCount: 2)
    ) { try Ranking(scores: [0.1] as [Double], labels: [true, false]) }
  }
}
