import Compute
import Foundation

/// A merchant as it is: what its row, its events and its truth are drawn from.
struct Merchant: Sendable {
  var rank: Int
  var cell: Int
  var opened: Int64
  /// When it stopped selling; `Int64.max` for never.
  var closed: Int64
  /// How good its goods and its service are, standard normal.
  var quality: Double
  var service: Double
  /// Orders that are expected of honest buyers in a whole year.
  var orders: Double
  var member: Member?
  var ring: Ring?
  /// The platform's finding, if it has one within the year.
  var finding: Finding?
  var lookAlike: LookAlike?
  /// The agency that runs the shop for its owner, with the same devices for all of its customers.
  var agency: Int?
  /// The warehouse it ships from, shared with others; nil for a place of its own.
  var warehouse: Int?

  enum LookAlike: Sendable {
    /// A burst of orders with coupons, honestly.
    case flashSale(start: Int64)
    /// A batch gone bad: weeks of refunds and complaints.
    case badBatch(start: Int64)
  }

  var country: Int { Cells.country(of: cell) }
  var category: Int { Cells.category(of: cell) }
  var isRisky: Bool { member?.role.isRisky ?? false }

  /// The culprit's typology, while it is one.
  func kind(at instant: Int64) -> Typology? {
    guard let member, let ring, member.role.isRisky, instant >= member.start, instant < member.end else {
      return nil
    }
    return ring.kind
  }
}

/// What the platform found, and when.
struct Finding: Sendable {
  var isRisky: Bool
  var known: Int64
}

extension World {
  static let ordersPerMerchant = 56.0

  func merchant(_ rank: Int) -> Merchant {
    var dice = streams.merchant.generator(item: rank)
    let cell = merchantCells.cell(of: rank)
    let quality = dice.normal()
    let service = 0.45 * quality + 0.89 * dice.normal()
    let age = dice.unit()
    let ageDraw = dice.unit()
    let second = Int64(dice.unit() * 86_400)
    var opened: Int64
    if age < 0.70 {
      opened = Calendar.start - Int64(min(2800, -620 * log(1 - ageDraw))) * Calendar.day - second - 1
    } else {
      opened = Calendar.start + Int64(ageDraw * Double(Calendar.days - 4)) * Calendar.day + second
    }
    let member = plan.member(ofMerchant: rank)
    if let member { opened = member.opened }

    var closed = Int64.max
    let leaves = dice.unit()
    let leavesWhen = dice.unit()
    if member == nil, leaves < 0.07 {
      let from = max(Calendar.start, opened + 20 * Calendar.day)
      if from < Calendar.end { closed = from + Int64(leavesWhen * Double(Calendar.end - from)) }
    }
    let standing = merchantCells.standing(of: rank, in: cell)
    // Heavy-tailed: the busiest of a cell has many times the orders of the median, and chance multiplies on top.
    let weight = 0.42 * pow(standing, -0.58) * exp(0.7 * dice.normal() - 0.245)
    var merchant = Merchant(
      rank: rank, cell: cell, opened: opened, closed: closed, quality: quality, service: service,
      orders: World.ordersPerMerchant * weight, member: member, ring: member.map(ring(of:)))
    let agencyDraw = dice.unit()
    if agencyDraw < 0.13 { merchant.agency = Int(agencyDraw / 0.13 * Double(pools.serviceAgencies)) }
    let warehouseDraw = dice.unit()
    if warehouseDraw < 0.38 {
      merchant.warehouse = pools.warehouse(country: Cells.country(of: cell), draw: warehouseDraw / 0.38)
    }
    let look = dice.unit()
    let lookWhen = dice.unit()
    if member == nil, look < 0.07 {
      let from = max(Calendar.start, opened + 5 * Calendar.day)
      let start = from + Int64(lookWhen * Double(max(1, min(closed, Calendar.end) - from)))
      merchant.lookAlike = look < 0.035 ? .flashSale(start: start) : .badBatch(start: start)
    }
    merchant.finding = finding(for: merchant)
    if let finding = merchant.finding, finding.isRisky {
      // Banned some days after the finding.
      merchant.closed = min(closed, finding.known + Int64((1 + 6 * dice.unit()) * Double(Calendar.day)))
    }
    if let member, member.role == .predecessor { merchant.closed = min(merchant.closed, member.end) }
    return merchant
  }
}
