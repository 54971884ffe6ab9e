import Compute

/// What a market is made from. The defaults are the marketplace that this project's figures are measured on.
public struct GeneratorOptions: Sendable {
  public enum Format: String, Sendable, CaseIterable { case parquet, csv }

  public var scale: MarketScale
  public var seed: Seed
  /// The kinds of risk that occur; all of them by default.
  public var typologies: [Typology]
  /// The share of merchants who are risky at some time.
  public var riskRate: Double
  /// The share of the risky who are ever found, if the platform had time enough.
  public var labelCoverage: Double
  public var format: Format

  public init(
    scale: MarketScale = .medium, seed: Seed = Seed(7), typologies: [Typology] = Typology.all,
    riskRate: Double = 0.08, labelCoverage: Double = 0.5, format: Format = .parquet
  ) {
    self.scale = scale
    self.seed = seed
    self.typologies = typologies
    self.riskRate = riskRate
    self.labelCoverage = labelCoverage
    self.format = format
  }

  /// The typologies named in a list like `brushing,phoenix`.
  public static func typologies(named list: String) throws(MarketplaceError) -> [Typology] {
    var chosen: [Typology] = []
    for part in list.split(separator: ",", omittingEmptySubsequences: true) {
      let name = String(part.filter { $0 != " " })
      guard let typology = Typology.all.first(where: { $0.name == name }) else {
        throw .unknownTypology(name: name, known: Typology.all.map(\.name))
      }
      if !chosen.contains(where: { $0.name == name }) { chosen.append(typology) }
    }
    guard !chosen.isEmpty else { throw .unknownTypology(name: list, known: Typology.all.map(\.name)) }
    return Typology.all.filter { known in chosen.contains { $0.name == known.name } }
  }

  /// The scale of that name.
  public static func scale(named name: String) throws(MarketplaceError) -> MarketScale {
    guard let scale = MarketScale.named(name) else {
      throw .unknownScale(name: name, known: MarketScale.all.map(\.name))
    }
    return scale
  }

  /// Refuses what cannot be.
  public func check() throws(MarketplaceError) {
    guard scale.nodes >= MarketScale.fewestNodes, scale.nodes <= MarketScale.mostNodes else {
      throw .impossibleSize(nodes: scale.nodes)
    }
    guard riskRate.isFinite, riskRate >= 0, riskRate <= GeneratorOptions.highestRiskRate else {
      throw .impossibleRate(
        name: "--risk-rate", value: riskRate, lowest: 0, highest: GeneratorOptions.highestRiskRate,
        why: "it is the share of merchants who are risky, and the innocent must stay the majority")
    }
    guard labelCoverage.isFinite, labelCoverage >= 0, labelCoverage <= 1 else {
      throw .impossibleRate(
        name: "--label-coverage", value: labelCoverage, lowest: 0, highest: 1,
        why: "it is the share of the risky who are found")
    }
  }

  public static let highestRiskRate = 0.4
}
