import Compute
import Foundation

// The rows of the node tables.

extension World {
  func merchantRow(_ merchant: Merchant, _ rows: inout Rows) {
    var dice = streams.merchantRow.generator(item: merchant.rank)
    var shift = TrialShift()
    var openness = 0.0
    if let member = merchant.member, let ring = merchant.ring, member.role.isRisky, !ring.kind.crew.takesOver
    {
      shift = ring.kind.trial
      openness = ring.openness
    }
    let (quality, service) = (merchant.quality, merchant.service)
    let category = Vocabulary.categories[merchant.category]
    rows.add(word: key(.merchant, merchant.rank))
    rows.add(time: merchant.opened)
    let name = dice.next()
    rows.addText { text in
      text.append(contentsOf: Vocabulary.shopWordBytes[Int(name & 15)])
      text.append(32)
      text.append(contentsOf: Vocabulary.nounBytes[merchant.category][Int(name >> 8 & 0xffff) % 6])
      text.append(32)
      text.append(contentsOf: Vocabulary.shopEndBytes[Int(name >> 32 & 0xffff) % 10])
    }
    rows.add(code: merchant.category)
    rows.add(code: merchant.country)
    let individual = min(0.9, 0.42 * (1 + (shift.individual - 1) * openness))
    let kind = dice.unit()
    rows.add(code: kind < individual ? 0 : kind < individual + (1 - individual) * 0.86 ? 1 : 2)
    let unverified = min(0.9, 0.3 * (1 + (shift.unverified - 1) * openness))
    rows.add(flag: !dice.chance(unverified))
    let trial = (6 * exp(0.9 * dice.normal() + 0.2 * quality + shift.orders * openness)).rounded()
    rows.add(number: trial)
    let level = 0.25 * (0.35 * quality + 0.25 * service) + 0.5 * (dice.normal() + shift.price * openness)
    rows.add(number: rounded(category.price * exp(level), 100))
    // One normal number a rate, so that a shift counts in standard deviations of the honest.
    let rating = 0.45 * quality + 0.15 * service + 0.88 * dice.normal() + shift.rating * openness
    let late = -0.25 * quality - 0.4 * service + 0.88 * dice.normal() + shift.late * openness
    let refund = -0.42 * quality + 0.9 * dice.normal() + shift.refund * openness
    let dispute = -0.35 * quality - 0.2 * service + 0.9 * dice.normal() + shift.dispute * openness
    let chat = 0.6 * service + 0.8 * dice.normal() + shift.chat * openness
    let minutes = -0.5 * service + 0.85 * dice.normal() - 0.5 * shift.chat * openness
    let hasRates = trial >= 2
    rows.add(number: hasRates ? rounded(5 - 0.55 * exp(-0.55 * rating - 0.1), 100).clamped(1, 5) : .nan)
    rows.add(number: hasRates ? rounded(logistic(-3 + 0.75 * late), 10_000) : .nan)
    rows.add(number: hasRates ? rounded(logistic(-3.2 + 0.65 * refund), 10_000) : .nan)
    rows.add(number: hasRates ? rounded(logistic(-4.6 + 0.8 * dispute), 10_000) : .nan)
    let hasChat = dice.chance(0.9)
    rows.add(number: hasChat ? rounded(logistic(2 + 0.8 * chat), 1000) : .nan)
    rows.add(number: hasChat ? rounded(25 * exp(0.8 * minutes), 10) : .nan)
    let low = dice.chance(shift.lowDeposit * openness)
    rows.add(number: [50, 100, 100, 200, 500][low ? 0 : dice.below(5)])
    addLabel(merchant.finding, &rows)
  }

  func productRow(_ rank: Int, _ rows: inout Rows, _ truth: inout Rows) {
    let merchant = merchant(owner(of: rank, in: firstProduct))
    let product = product(rank, of: merchant)
    var dice = streams.productRow.generator(item: rank)
    let words = dice.next()
    let nouns = Vocabulary.nounBytes[merchant.category]
    rows.add(word: key(.product, rank))
    rows.add(time: min(product.listed, Calendar.end - 1))
    rows.addText { text in
      text.append(contentsOf: Vocabulary.adjectiveBytes[Int(words & 15)])
      text.append(32)
      if product.brand > 0 {
        text.append(contentsOf: Vocabulary.brandBytes[merchant.category][(product.brand - 1) % 5])
        text.append(32)
      }
      text.append(contentsOf: nouns[product.noun])
      text.append(32)
      text.append(contentsOf: Vocabulary.detailBytes[Int(words >> 8 & 0xffff) % 12])
    }
    if words >> 60 == 0 {
      rows.addMissing()
    } else {
      rows.addText { text in
        text.append(contentsOf: Vocabulary.sentenceBytes[Int(words >> 24 & 0xff) % 10])
        text.append(32)
        if product.isEvasive {
          text.append(contentsOf: Vocabulary.evasiveBytes[Int(words >> 32 & 7)])
        } else {
          text.append(contentsOf: Vocabulary.sellingBytes[Int(words >> 32 & 0xff) % 10])
        }
      }
    }
    rows.add(code: merchant.category)
    rows.add(code: product.brand)
    rows.add(number: product.price)
    rows.add(number: product.discount)
    rows.add(number: Double(1 + dice.below(9)))
    rows.add(flag: dice.chance(0.3))
    addLabel(finding(for: product, of: merchant, &dice), &rows)
    if product.isRisky, let member = merchant.member, let ring = merchant.ring {
      let start = max(member.start, product.listed)
      if start < member.end {
        addTruth(.product, rank, ring.typology, Int(member.ring), "good", true, start, member.end, &truth)
      }
    }
  }

  /// A product is found with its merchant, for the most part; others are looked at now and then.
  private func finding(
    for product: Product, of merchant: Merchant, _ dice: inout CounterGenerator
  ) -> Finding? {
    if let found = merchant.finding, found.isRisky, product.isRisky || !merchant.isRisky {
      guard dice.chance(0.75) else { return nil }
      let known = max(found.known, product.listed) + Int64(dice.unit() * 4 * Double(Calendar.day))
      return known < Calendar.end ? Finding(isRisky: true, known: known) : nil
    }
    return product.isRisky ? nil : clearance(opened: product.listed, attention: 0.3, &dice)
  }

  func creatorRow(_ creator: Creator, _ rows: inout Rows) {
    var dice = streams.creatorRow.generator(item: creator.rank)
    rows.add(word: key(.creator, creator.rank))
    rows.add(time: creator.joined)
    let words = dice.next()
    rows.addText { text in
      text.append(contentsOf: Vocabulary.nounBytes[creator.category][Int(words & 0xff) % 6])
      text.append(44)
      text.append(32)
      text.append(contentsOf: Vocabulary.bioBytes[Int(words >> 8 & 0xff) % 10])
    }
    rows.add(code: creator.category)
    rows.add(code: creator.country)
    let isCustomer = creator.member?.role == .customer
    let followers = creator.audience * 40 * exp(0.8 * dice.normal() + (isCustomer ? 0.5 : 0))
    rows.add(number: followers.rounded())
    let engagement = logistic(
      -3.2 + 0.6 * dice.normal() - (isCustomer ? 0.4 * (creator.ring?.openness ?? 0) : 0))
    rows.add(number: dice.chance(0.85) ? rounded(engagement, 10_000) : .nan)
    rows.add(flag: dice.chance(0.5))
    var found: Finding?
    if let member = creator.member, let ring = creator.ring {
      found = finding(of: member, ring, &dice)
    } else {
      found = clearance(opened: creator.joined, attention: creator.leap == nil ? 0.6 : 2, &dice)
    }
    addLabel(found, &rows)
  }

  func buyerRow(_ rank: Int, _ rows: inout Rows) {
    var dice = streams.buyerRow.generator(item: rank)
    let joined = buyerJoined(rank)
    let member = plan.member(ofBuyer: rank)
    let cell = buyerCells.cell(of: rank)
    rows.add(word: key(.buyer, rank))
    rows.add(time: joined)
    rows.add(code: Cells.country(of: cell))
    let age = dice.below(7)
    if age > 4 { rows.addMissing() } else { rows.add(code: age) }
    let months = Double(Calendar.start - joined) / Double(30 * Calendar.day)
    let busy = member == nil ? 0.25 : 0.08
    rows.add(number: months > 0 ? (months * busy * exp(0.8 * dice.normal())).rounded() : 0)
    rows.add(
      flag: dice.chance(member == nil ? 0.85 : 0.85 - 0.3 * (member.map { ring(of: $0).openness } ?? 0)))
    var found: Finding?
    if let member {
      found = finding(of: member, ring(of: member), &dice)
    } else {
      found = clearance(opened: joined, attention: 0.12, &dice)
    }
    addLabel(found, &rows)
  }

  private func addLabel(_ finding: Finding?, _ rows: inout Rows) {
    guard let finding else {
      rows.addMissing()
      rows.addMissing()
      return
    }
    rows.add(flag: finding.isRisky)
    rows.add(time: finding.known)
  }
}

extension Double {
  func clamped(_ low: Double, _ high: Double) -> Double {
    self != self ? self : Swift.min(high, Swift.max(low, self))
  }
}
