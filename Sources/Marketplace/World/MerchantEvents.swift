import Compute
import Foundation

// What a merchant does and what happens to it in the year: listings, orders and what follows from them, edits, logins,
// accounts, addresses, advertisements.

/// The rows that one block makes, table by table.
struct BlockRows {
  var tables: [Rows] = MarketTable.allCases.map { Rows(width: $0.spec.columns.count) }

  subscript(table: MarketTable) -> Rows {
    @inline(__always) _read { yield tables[table.rawValue] }
    @inline(__always) _modify { yield &tables[table.rawValue] }
  }
}

/// What a merchant's orders need to know, gathered once.
struct Shop {
  var merchant: Merchant
  var key: UInt64
  var products: [Product]
  var productKeys: [UInt64]
  var refundRate: Double
  var complaintRate: Double
  var starsMean: Double
  /// The member's conduct, how openly it shows, and from when to when.
  var conduct: Conduct?
  var openness = 1.0
  var from = Int64.max
  var until = Int64.min
}

extension World {
  func merchantEvents(_ merchant: Merchant, _ rows: inout BlockRows) {
    var dice = streams.merchantEvents.generator(item: merchant.rank)
    let range = products(of: merchant.rank)
    let products = range.map { product($0, of: merchant) }
    var shop = Shop(
      merchant: merchant, key: key(.merchant, merchant.rank), products: products,
      productKeys: range.map { key(.product, $0) },
      refundRate: 0.05 * exp(-0.3 * merchant.quality + 0.55 * dice.normal() - 0.2),
      complaintRate: 0.016
        * exp(-0.3 * merchant.quality - 0.15 * merchant.service + 0.6 * dice.normal() - 0.25),
      starsMean: 4.25 + 0.25 * merchant.quality)
    if let member = merchant.member, let ring = merchant.ring {
      shop.conduct = ring.kind.conduct
      shop.openness = ring.openness
      shop.from = member.start
      shop.until = min(member.end, merchant.closed)
    }
    for (product, key) in zip(products, shop.productKeys) where product.listed < Calendar.end {
      rows[.sells].add(word: shop.key)
      rows[.sells].add(word: key)
      rows[.sells].add(time: product.listed)
    }
    honestOrders(shop, &dice, &rows)
    ownOrders(shop, &dice, &rows)
    edits(shop, &dice, &rows)
    logins(shop, &dice, &rows)
    payment(shop, &dice, &rows)
    shipping(shop, &dice, &rows)
    advertising(shop, &dice, &rows)
  }

  // MARK: Orders

  private func honestOrders(_ shop: Shop, _ dice: inout CounterGenerator, _ rows: inout BlockRows) {
    let merchant = shop.merchant
    let low = calendar.share(before: merchant.opened)
    let high = calendar.share(before: min(merchant.closed, Calendar.end))
    guard high > low else { return }
    for _ in 0..<dice.poisson(merchant.orders * (high - low)) {
      honestOrder(shop, low, high, 0, &dice, &rows)
    }
    if let conduct = shop.conduct, conduct.lift > 1, merchant.isRisky {
      let from = max(low, calendar.share(before: shop.from))
      let until = calendar.share(before: shop.until)
      if until > from {
        let extra = (conduct.lift - 1) * shop.openness
        for _ in 0..<dice.poisson(merchant.orders * (until - from) * extra) {
          honestOrder(shop, from, until, 0, &dice, &rows)
        }
      }
    }
    if case .flashSale(let start) = merchant.lookAlike {
      let from = calendar.share(before: start)
      let until = calendar.share(before: start + 3 * Calendar.day)
      let count = 4 + dice.poisson(merchant.orders * 0.35)
      if until > from { for _ in 0..<count { honestOrder(shop, from, until, 0.7, &dice, &rows) } }
    }
  }

  @inline(__always)
  private func honestOrder(
    _ shop: Shop, _ low: Double, _ high: Double, _ coupons: Double, _ dice: inout CounterGenerator,
    _ rows: inout BlockRows
  ) {
    let when = dice.next()
    let what = dice.next()
    let ordered = calendar.instant(atShare: low + (high - low) * fraction(when), bits: when >> 32)
    guard ordered > shop.merchant.opened, ordered < shop.merchant.closed else { return }
    let shelf = fraction(what)
    var place = Int(shelf * shelf * Double(shop.products.count))
    if shop.products[place].listed >= ordered {
      place = 0
      if shop.products[0].listed >= ordered { return }
    }
    // Buyers near in taste and place, the busiest more often; not before they joined.
    var buyer = -1
    var choice = fraction(what >> 32)
    for _ in 0..<5 {
      let who = dice.next()
      let skew = fraction(who)
      buyer = buyerCells.near(
        shop.merchant.cell, choice: choice, skew: skew * skew * skew.squareRoot(),
        anywhere: fraction(who >> 32))
      if buyerJoined(buyer) < ordered { break }
      buyer = -1
      choice = fraction(who &* 0x9e37_79b9_7f4a_7c15 >> 16)
    }
    guard buyer >= 0 else { return }
    let isActive = ordered >= shop.from && ordered < shop.until && shop.merchant.isRisky
    var refund = shop.refundRate
    var complaint = shop.complaintRate
    var stars = shop.starsMean
    var refundReason = RefundReason.changedMind
    var complaintReason = ComplaintReason.quality
    var strength = 0.0
    if isActive, let conduct = shop.conduct {
      refund *= 1 + (conduct.refunds - 1) * shop.openness
      complaint *= 1 + (conduct.complaints - 1) * shop.openness
      stars += conduct.stars * shop.openness
      refundReason = conduct.refundReason
      complaintReason = conduct.complaintReason
      strength = 0.45 * shop.openness
    }
    if case .badBatch(let start) = shop.merchant.lookAlike, ordered >= start,
      ordered < start + 40 * Calendar.day
    {
      refund *= 4
      complaint *= 5
      stars -= 1
      refundReason = .damaged
      strength = 0.5
    }
    order(
      shop, buyer, place, ordered, coupon: coupons, review: 0.27, stars: stars, refund: refund,
      complaint: complaint,
      refundReason: refundReason, complaintReason: complaintReason, strength: strength, isPaid: false, &dice,
      &rows)
  }

  /// Orders by the ring's own buyers, and those of lone refund abusers.
  private func ownOrders(_ shop: Shop, _ dice: inout CounterGenerator, _ rows: inout BlockRows) {
    let merchant = shop.merchant
    let low = calendar.share(before: max(merchant.opened, Calendar.start))
    let high = calendar.share(before: min(merchant.closed, Calendar.end))
    if let conduct = shop.conduct, let ring = merchant.ring, conduct.ownOrders > 0, !ring.buyers.isEmpty {
      let from = max(low, calendar.share(before: shop.from))
      let until = min(high, calendar.share(before: shop.until))
      if until > from {
        let honest = 0.5 * merchant.orders + 0.5 * World.ordersPerMerchant
        let count =
          3 + dice.poisson(conduct.ownOrders * (0.4 + 0.6 * shop.openness) * honest * (until - from) * 1.5)
        var burst = from
        var burstEnd = until
        for number in 0..<count {
          if conduct.burstDays > 0, number % 12 == 0 {
            burst = from + (until - from) * dice.unit()
            burstEnd = min(until, burst + conduct.burstDays * (1 + 2 * ring.skill) / Double(Calendar.days))
          }
          let when = dice.next()
          let ordered = calendar.instant(
            atShare: burst + (burstEnd - burst) * fraction(when), bits: when >> 32)
          let buyer = Int(ring.buyers[dice.below(ring.buyers.count)])
          let place = dice.below(shop.products.count)
          guard ordered > merchant.opened, ordered < merchant.closed, buyerJoined(buyer) < ordered,
            shop.products[place].listed < ordered
          else { continue }
          order(
            shop, buyer, place, ordered, coupon: conduct.ownCoupons, review: conduct.ownReviews,
            stars: 4.9 - 0.4 * ring.skill, refund: conduct.ownRefunds * (0.5 + 0.5 * shop.openness),
            complaint: 0,
            refundReason: conduct.refundReason, complaintReason: .quality, strength: 0.7, isPaid: true, &dice,
            &rows)
        }
      }
    }
    let loners = plan.loners
    guard !loners.isEmpty, high > low else { return }
    for _ in 0..<dice.poisson(0.006 * merchant.orders * (high - low)) {
      let when = dice.next()
      let ordered = calendar.instant(atShare: low + (high - low) * fraction(when), bits: when >> 32)
      let buyer = Int(loners[dice.below(loners.count)])
      let place = dice.below(shop.products.count)
      guard ordered > merchant.opened, ordered < merchant.closed, let member = plan.member(ofBuyer: buyer),
        ordered >= member.start, ordered < member.end, shop.products[place].listed < ordered
      else { continue }
      order(
        shop, buyer, place, ordered, coupon: 0, review: 0.1, stars: 3.5, refund: 0.6, complaint: 0.05,
        refundReason: .notReceived, complaintReason: .notReceived, strength: 0.8, isPaid: false, &dice, &rows)
    }
  }

  /// One order, and its review, refund and complaint if they come and are known before the tables end.
  @inline(__always)
  private func order(
    _ shop: Shop, _ buyer: Int, _ place: Int, _ ordered: Int64, coupon: Double, review: Double, stars: Double,
    refund: Double, complaint: Double, refundReason: RefundReason, complaintReason: ComplaintReason,
    strength: Double,
    isPaid: Bool, _ dice: inout CounterGenerator, _ rows: inout BlockRows
  ) {
    let chances = dice.next()
    let details = dice.next()
    let product = shop.products[place]
    let quantity = chances & 7 == 0 ? 2.0 : 1.0
    let festival = fraction(details)
    let full = product.price * quantity * (0.92 + 0.16 * fraction(details >> 24))
    let takesCoupon = fraction(chances >> 8) < max(0.12, coupon)
    let off = takesCoupon ? rounded(min(full * 0.5, full * (0.05 + 0.15 * festival) + 1), 100) : 0
    let amount = rounded(full - off, 100)
    let buyerKey = key(.buyer, buyer)

    rows[.orders].add(word: buyerKey)
    rows[.orders].add(word: shop.productKeys[place])
    rows[.orders].add(word: shop.key)
    rows[.orders].add(time: ordered)
    rows[.orders].add(number: amount)
    rows[.orders].add(number: off)
    rows[.orders].add(code: World.payment[Int(details >> 56) & 31])

    let draw = fraction(chances >> 32)
    if draw < review {
      self.review(shop, buyerKey, place, ordered, stars: stars, isPaid: isPaid, &dice, &rows)
    }
    let second = dice.next()
    if fraction(second) < refund {
      let requested = ordered + Int64((2 + 14 * dice.unit()) * Double(Calendar.day))
      let settled = requested + Int64((0.5 + 3 * dice.exponential(mean: 1)) * Double(Calendar.day))
      if settled < Calendar.end {
        let reason = dice.chance(strength) ? refundReason.rawValue : dice.below(6)
        rows[.refunds].add(word: buyerKey)
        rows[.refunds].add(word: shop.key)
        rows[.refunds].add(time: requested)
        rows[.refunds].add(time: settled)
        rows[.refunds].add(number: amount)
        rows[.refunds].add(code: reason)
      }
    }
    if fraction(second >> 32) < complaint {
      let filed = ordered + Int64((3 + dice.exponential(mean: 9)) * Double(Calendar.day))
      let registered = filed + Int64((0.1 + dice.exponential(mean: 0.8)) * Double(Calendar.day))
      if registered < Calendar.end {
        let reason = dice.chance(strength) ? complaintReason.rawValue : dice.below(8)
        rows[.complaints].add(word: buyerKey)
        rows[.complaints].add(word: shop.key)
        rows[.complaints].add(time: filed)
        rows[.complaints].add(time: registered)
        rows[.complaints].add(code: reason)
      }
    }
  }

  private static let payment: [Int] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4,
  ]

  private func review(
    _ shop: Shop, _ buyerKey: UInt64, _ place: Int, _ ordered: Int64, stars: Double, isPaid: Bool,
    _ dice: inout CounterGenerator, _ rows: inout BlockRows
  ) {
    let written =
      ordered + Int64((isPaid ? 2 + 5 * dice.unit() : 3 + dice.exponential(mean: 7)) * Double(Calendar.day))
    let published = written + 600 + Int64(dice.exponential(mean: 0.4) * Double(Calendar.day))
    guard published < Calendar.end else { return }
    let given = min(5, max(1, (stars + (isPaid ? 0.35 : 0.85) * dice.normal()).rounded()))
    rows[.reviews].add(word: buyerKey)
    rows[.reviews].add(word: shop.productKeys[place])
    rows[.reviews].add(time: written)
    rows[.reviews].add(time: published)
    rows[.reviews].add(number: given)
    let bits = dice.next()
    if bits & 15 < 5 && !isPaid {
      rows[.reviews].addMissing()
      return
    }
    let isGeneric = isPaid ? bits >> 4 & 15 < 9 : bits >> 4 & 15 < 1
    let first =
      isGeneric && given >= 4
      ? Vocabulary.paidPraiseBytes
      : given >= 4 ? Vocabulary.praiseBytes : given >= 3 ? Vocabulary.lukewarmBytes : Vocabulary.blameBytes
    rows[.reviews].addText { text in
      text.append(contentsOf: first[Int(bits >> 8 & 0xffff) % first.count])
      if bits >> 24 & 3 == 0 {
        text.append(contentsOf: [44, 32])
        text.append(contentsOf: first[Int(bits >> 32 & 0xffff) % first.count])
      }
    }
  }
}
