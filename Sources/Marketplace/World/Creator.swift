import Compute
import Foundation

/// A creator as it is.
struct Creator: Sendable {
  var rank: Int
  var cell: Int
  var joined: Int64
  /// Follows that are expected of honest buyers in a whole year.
  var audience: Double
  /// Promotions in a whole year.
  var promotions: Double
  var member: Member?
  var ring: Ring?
  var agency: Int?
  /// When a celebrity's following leaps up, honestly.
  var leap: Int64?

  var country: Int { Cells.country(of: cell) }
  var category: Int { Cells.category(of: cell) }
}

extension World {
  func creator(_ rank: Int) -> Creator {
    var dice = streams.creator.generator(item: rank)
    let cell = creatorCells.cell(of: rank)
    let age = dice.unit()
    let ageDraw = dice.unit()
    let second = Int64(dice.unit() * 86_400)
    var joined =
      age < 0.72
      ? Calendar.start - Int64(1100 * pow(ageDraw, 1.4)) * Calendar.day - second - 1
      : Calendar.start + Int64(ageDraw * Double(Calendar.days - 4)) * Calendar.day + second
    let member = plan.member(ofCreator: rank)
    if let member { joined = member.opened }
    let standing = creatorCells.standing(of: rank, in: cell)
    let weight = 0.4 * pow(standing, -0.6) * exp(0.8 * dice.normal() - 0.32)
    var creator = Creator(
      rank: rank, cell: cell, joined: joined, audience: 66 * weight,
      promotions: 11 * exp(0.7 * dice.normal() - 0.245), member: member, ring: member.map(ring(of:)))
    let agencyDraw = dice.unit()
    if agencyDraw < 0.35 { creator.agency = Int(agencyDraw / 0.35 * Double(pools.creatorAgencies)) }
    let leapDraw = dice.unit()
    if leapDraw < 0.012, member == nil {
      let from = max(Calendar.start, joined)
      creator.leap = from + Int64(leapDraw / 0.012 * Double(max(1, Calendar.end - from)))
    }
    return creator
  }
}
