import Compute
import Foundation

/// A product as it is. Most of it follows from its merchant.
struct Product: Sendable {
  var rank: Int
  var listed: Int64
  var price: Double
  var discount: Double
  /// A place in `Vocabulary.brandLevels`.
  var brand: Int
  var noun: Int
  /// Whether its texts evade rules.
  var isEvasive: Bool
  /// Whether what is sold is not what it says (the truth).
  var isRisky: Bool
}

extension World {
  func product(_ rank: Int, of merchant: Merchant) -> Product {
    var dice = streams.product.generator(item: rank)
    let category = Vocabulary.categories[merchant.category]
    let isFirst = rank == Int(firstProduct[merchant.rank])
    var listed = merchant.opened + 60 + Int64(dice.unit() * 7200)
    if !isFirst {
      let span = Double(max(Calendar.day, min(merchant.closed, Calendar.end) - merchant.opened))
      listed += Int64(span * 0.9 * pow(dice.unit(), 1.8))
    }
    var listing = ListingShift()
    var openness = 0.0
    if let ring = merchant.ring, let member = merchant.member, member.role.isRisky, !ring.kind.crew.takesOver
    {
      listing = ring.kind.listing
      openness = ring.openness
    }
    // The shop's own level, then the product's.
    let level = 0.35 * merchant.quality + 0.25 * merchant.service
    let price = category.price * exp(0.25 * level + 0.6 * dice.normal() + listing.price * openness)
    let discount = dice.chance(0.45) ? dice.uniform(0.05, 0.4) + listing.discount * openness : 0
    let namesBrand = dice.chance(0.4 + listing.brand * openness)
    let brand = namesBrand ? 1 + merchant.category * 5 + dice.below(5) : 0
    let isEvasive = dice.chance(0.015 + listing.evasive * openness)
    let isRisky = merchant.isRisky && dice.chance(0.8)
    return Product(
      rank: rank, listed: listed, price: rounded(max(0.5, price), 100),
      discount: rounded(min(0.9, discount), 100),
      brand: brand, noun: dice.below(6), isEvasive: isEvasive, isRisky: isRisky)
  }
}

/// A number with as many decimals as the tables show.
@inline(__always)
func rounded(_ number: Double, _ scale: Double) -> Double { (number * scale).rounded() / scale }
