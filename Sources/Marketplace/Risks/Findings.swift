import Compute
import Foundation

// What the platform finds: a part of the risky, later than their deeds, a few wrongly, and not a random sample, because it
// looks where complaints are.
//
// The risky are found with a chance that rises with how clumsy they are and how much a typology is noticed; a find often
// leads to others of its ring. It takes weeks, with a tail. Of the innocent some are looked at and cleared, more of those
// whose buyers complain, and a few are condemned wrongly.

extension World {
  func finding(for merchant: Merchant) -> Finding? {
    var dice = streams.merchantLabel.generator(item: merchant.rank)
    if let member = merchant.member, let ring = merchant.ring, member.role.isRisky {
      if member.role == .predecessor {
        return options.labelCoverage > 0 ? Finding(isRisky: true, known: member.end - 2 * Calendar.day) : nil
      }
      return finding(of: member, ring, &dice)
    }
    var attention = exp(-0.35 * merchant.quality - 0.06)
    if case .badBatch = merchant.lookAlike { attention *= 4 }
    if case .flashSale = merchant.lookAlike { attention *= 1.5 }
    if merchant.member?.role == .victim { attention *= 2.5 }
    return clearance(opened: merchant.opened, attention: attention, &dice)
  }

  /// The finding of a ring's member.
  func finding(of member: Member, _ ring: Ring, _ dice: inout CounterGenerator) -> Finding? {
    var shared = streams.ringLabel.generator(item: Int(member.ring))
    let alone = dice.unit()
    let together = shared.unit()
    let isTogether = dice.chance(0.45)
    let draw = isTogether ? together : alone
    let notice = ring.kind.notice * (1.3 - 0.6 * ring.skill)
    guard draw < 1 - pow(1 - min(options.labelCoverage, 0.999_999), notice) else { return nil }
    // Weeks with a tail: half within five weeks, one in ten after thirteen.
    let weeks = 5 * exp(0.75 * (isTogether ? 0.8 * shared.normal() + 0.6 * dice.normal() : dice.normal()))
    let known = member.start + max(4 * Calendar.day, Int64(weeks * 7 * Double(Calendar.day)))
    return known < Calendar.end ? Finding(isRisky: true, known: known) : nil
  }

  /// What becomes of an innocent: mostly never looked at; cleared; in a few cases condemned.
  func clearance(opened: Int64, attention: Double, _ dice: inout CounterGenerator) -> Finding? {
    let draw = dice.unit()
    let looked = min(0.9, 0.55 * options.labelCoverage * attention)
    guard draw < looked else { return nil }
    let from = max(opened + 5 * Calendar.day, Calendar.start - 60 * Calendar.day)
    guard from < Calendar.end else { return nil }
    let known = from + Int64(dice.unit() * Double(Calendar.end - from))
    return Finding(isRisky: dice.chance(min(0.3, 0.012 * attention)), known: known)
  }
}
