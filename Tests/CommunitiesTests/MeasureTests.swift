import Communities
import Compute
import Foundation
import Graph
import Testing

@Suite("Measures of a partition") struct MeasureTests {
  @Test("of two triangles are as counted by hand")
  func triangles() {
    let measures = communityMeasures(of: Partition([0, 0, 0, 1, 1, 1]), in: twoTriangles)
    for measure in measures {
      #expect(measure.size == 3 && measure.insideWeight == 3 && measure.cutWeight == 1 && measure.degree == 7)
      #expect(measure.internalDensity == 1 && abs(measure.conductance - 1.0 / 7) < 1e-12)
    }
    let share = coverage(of: Partition([0, 0, 0, 1, 1, 1]), in: twoTriangles)
    #expect(abs(share.inside - 6.0 / 7) < 1e-12 && abs(share.byChance - 0.5) < 1e-12)
    #expect(
      abs(constantPottsQuality(of: Partition([0, 0, 0, 1, 1, 1]), in: twoTriangles, resolution: 0.5) - 3)
        < 1e-12)
  }

  @Test("of a graph without edges are zero")
  func empty() {
    let graph = plainGraph(2, [])
    #expect(modularity(of: .singletons(2), in: graph) == 0)
    #expect(coverage(of: .singletons(2), in: graph).inside == 0)
    #expect(communityMeasures(of: .singletons(2), in: graph).allSatisfy { $0.conductance == 0 })
  }
}

@Suite("Agreement of partitions") struct AgreementTests {
  // What scikit-learn 1.x gives for these.
  @Test("is scikit-learn's, on a small table")
  func published() {
    let a = Partition([0, 0, 0, 1, 1, 1, 2, 2])
    let b = Partition([0, 0, 1, 1, 2, 2, 2, 2])
    #expect(abs(adjustedRandIndex(a, b) - 0.18181818181818182) < 1e-12, "\(adjustedRandIndex(a, b))")
    #expect(
      abs(normalizedMutualInformation(a, b) - 0.5300257549140327) < 1e-6,
      "\(normalizedMutualInformation(a, b))")
  }

  @Test("is whole for equal divisions, and nothing for unrelated ones")
  func extremes() {
    let a = Partition([0, 0, 1, 1])
    #expect(adjustedRandIndex(a, Partition([5, 5, 2, 2])) == 1)
    #expect(normalizedMutualInformation(a, Partition([5, 5, 2, 2])) == 1)
    #expect(normalizedMutualInformation(a, Partition([0, 1, 0, 1])) < 1e-12)
    #expect(adjustedRandIndex(a, Partition([0, 1, 0, 1])) <= 0)
  }

  @Test("counts pairs as counting all pairs does")
  func pairs() {
    var numbers = Seed(4).generator(for: "pairs")
    let a = Partition((0..<60).map { _ in UInt32.random(in: 0..<6, using: &numbers) })
    let b = Partition((0..<60).map { $0 < 30 ? a.membership[$0] : UInt32.random(in: 0..<6, using: &numbers) })
    var (both, inA, inB, all) = (0.0, 0.0, 0.0, 0.0)
    for i in 0..<60 {
      for j in 0..<i {
        all += 1
        if a[i] == a[j] { inA += 1 }
        if b[i] == b[j] { inB += 1 }
        if a[i] == a[j], b[i] == b[j] { both += 1 }
      }
    }
    let expected = (both - inA * inB / all) / ((inA + inB) / 2 - inA * inB / all)
    #expect(abs(adjustedRandIndex(a, b) - expected) < 1e-12)
  }
}

@Suite("A certificate") struct CertificateTests {
  @Test("says what is disconnected, whoever claims otherwise")
  func disconnected() throws {
    let torn = Partition([0, 1, 1, 1, 0, 0])
    let certificate = try Certificate(of: torn, in: twoTriangles, method: .leiden, settings: SearchSettings())
    #expect(!certificate.isConnected && certificate.disconnectedCount == 1)
    #expect(certificate.description.contains("1 of them disconnected"))
    #expect(piecesOfCommunities(torn, in: twoTriangles) == [2, 1])
  }

  @Test("tells how much seeds agree")
  func seeds() throws {
    let (graph, truth) = plantedGraph(groups: 6, size: 20, inside: 0.6, outside: 0.02, seed: 9)
    let certificate = try Certificate(
      of: truth, in: graph, method: .leiden, settings: SearchSettings(), seeds: 5)
    #expect(certificate.seedAgreement == 1)
    #expect(certificate.isConnected)
  }
}
