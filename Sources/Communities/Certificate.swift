import Compute
import Graph

/// What every run says of its result: checked by other algorithms than the one that found it.
///
///     let certificate = Certificate(of: partition, in: graph, method: .leiden, settings: settings)
///     print(certificate)      // 642 communities, all connected; modularity 0.6484 …
public struct Certificate: Sendable, CustomStringConvertible {
  public let communityCount: Int
  /// How many communities fall into pieces: counted by a breadth-first search.
  public let disconnectedCount: Int
  public let fingerprint: String
  public let qualityName: String
  public let quality: Double
  /// The share of weight inside, and what a random graph with the same degrees would have there.
  public let insideShare: Double
  public let insideShareByChance: Double
  /// The mean adjusted Rand index between the results of different seeds; nil where it was not asked for.
  public let seedAgreement: Double?

  /// One breadth-first search and two passes over the edges; with `seeds` above 1 also as many searches.
  public init(
    of partition: Partition, in graph: Projection, method: CommunityMethod, settings: SearchSettings,
    seeds: Int = 0
  ) throws(CommunityError) {
    communityCount = partition.communityCount
    disconnectedCount = disconnectedCommunities(partition, in: graph)
    fingerprint = partition.fingerprintText
    switch settings.quality {
    case .modularity(let resolution):
      qualityName = resolution == 1 ? "modularity" : "modularity at resolution \(resolution)"
      quality = modularity(of: partition, in: graph, resolution: resolution)
    case .constantPotts(let resolution):
      qualityName = "constant Potts quality at resolution \(resolution)"
      quality = constantPottsQuality(of: partition, in: graph, resolution: resolution)
    }
    (insideShare, insideShareByChance) = coverage(of: partition, in: graph)
    seedAgreement =
      seeds > 1 ? try Certificate.agreement(partition, graph, method, settings, seeds: seeds) : nil
  }

  private static func agreement(
    _ partition: Partition, _ graph: Projection, _ method: CommunityMethod, _ settings: SearchSettings,
    seeds: Int
  ) throws(CommunityError) -> Double {
    var results = [partition]
    for number in 1..<UInt64(seeds) {
      var other = settings
      other.seed = Seed(settings.seed.value &+ number)
      results.append(try method.partition(of: graph, settings: other))
    }
    var (sum, pairs) = (0.0, 0.0)
    for a in results.indices {
      for b in results.indices where a < b {
        sum += adjustedRandIndex(results[a], results[b])
        pairs += 1
      }
    }
    return sum / pairs
  }

  public var isConnected: Bool { disconnectedCount == 0 }

  public var description: String {
    let connected = isConnected ? "all connected" : "\(grouped(disconnectedCount)) of them disconnected"
    var text =
      "\(grouped(communityCount)) communities, \(connected); \(qualityName) \(fourDigits(quality)); "
      + "\(fourDigits(insideShare)) of the weight is inside, \(fourDigits(insideShareByChance)) by chance; "
      + "fingerprint \(fingerprint)"
    if let seedAgreement {
      text += "; seeds agree by \(fourDigits(seedAgreement)) (mean adjusted Rand index)"
    }
    return text
  }
}

/// The ways to divide all nodes into communities.
public enum CommunityMethod: String, Sendable, CaseIterable {
  case leiden
  case leidenHigh = "leiden-high"
  case louvain
  case labelPropagation = "label-propagation"
  case components

  public func partition(
    of graph: Projection, settings: SearchSettings = SearchSettings(), startingFrom start: Partition? = nil
  ) throws(CommunityError) -> Partition {
    switch self {
    case .leiden: try Leiden(settings).partition(of: graph, startingFrom: start)
    case .leidenHigh: try Leiden(settings, effort: .high).partition(of: graph, startingFrom: start)
    case .louvain: try Louvain(settings).partition(of: graph, startingFrom: start)
    case .labelPropagation: try LabelPropagation(settings).partition(of: graph, startingFrom: start)
    case .components: componentsAsCommunities(of: graph, parallel: settings.parallel)
    }
  }
}

func fourDigits(_ number: Double) -> String { digits(number, 4) }

/// A number with as many decimals, without what a format string costs.
func digits(_ number: Double, _ decimals: Int) -> String {
  guard number.isFinite, abs(number) < 1e12 else { return "\(number)" }
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let whole = Int((abs(number) * scale).rounded())
  let text = String(whole)
  let padded = String(repeating: "0", count: max(0, decimals + 1 - text.count)) + text
  let sign = number < 0 && whole > 0 ? "-" : ""
  return decimals == 0 ? sign + padded : sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
}
