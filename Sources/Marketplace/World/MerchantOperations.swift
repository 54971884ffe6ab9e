import Compute
import Foundation

// How a shop is run: edits of listings, logins, the account it is paid to, where it ships from, its advertisements.

extension World {
  /// An instant between two, uniformly, never the second.
  @inline(__always)
  func between(_ low: Int64, _ high: Int64, _ draw: Double) -> Int64 {
    high > low ? low + Int64(draw * Double(high - low)) : low
  }

  func edits(_ shop: Shop, _ dice: inout CounterGenerator, _ rows: inout BlockRows) {
    let merchant = shop.merchant
    let start = max(merchant.opened, Calendar.start)
    let end = min(merchant.closed, Calendar.end)
    guard end > start else { return }
    let year = Double(end - start) / Double(Calendar.end - Calendar.start)
    for (place, product) in shop.products.enumerated() {
      for _ in 0..<dice.poisson(0.8 * year) {
        let draw = dice.next()
        let when = between(max(start, product.listed + 1), end, fraction(draw))
        guard when > product.listed, when < end else { continue }
        // Mostly price and stock.
        let changed = [0, 0, 0, 0, 1, 1, 1, 1, 2, 3, 3, 4, 4, 2, 0, 5][Int(draw >> 40 & 15)]
        edit(shop, place, when, changed, &rows)
      }
      if let conduct = shop.conduct, conduct.edits > 0, shop.from < end {
        for _ in 0..<dice.poisson(conduct.edits * (0.3 + 0.7 * shop.openness)) {
          let days = 1 + 8 * (1 - shop.openness)
          let when = shop.from + Int64(dice.unit() * days * Double(Calendar.day))
          if when > product.listed, when < end { edit(shop, place, when, 2 + dice.below(5), &rows) }
        }
      }
    }
  }

  private func edit(_ shop: Shop, _ place: Int, _ when: Int64, _ changed: Int, _ rows: inout BlockRows) {
    rows[.edits].add(word: shop.key)
    rows[.edits].add(word: shop.productKeys[place])
    rows[.edits].add(time: when)
    rows[.edits].add(code: changed)
  }

  func logins(_ shop: Shop, _ dice: inout CounterGenerator, _ rows: inout BlockRows) {
    let merchant = shop.merchant
    let end = min(merchant.closed, Calendar.end)
    // The device of its own, at the opening and once more.
    login(shop, merchant.rank, merchant.opened + 30 + Int64(dice.below(5000)), end, &rows)
    login(shop, merchant.rank, between(max(merchant.opened, Calendar.start), end, dice.unit()), end, &rows)
    // A second device, bought later: the two who share its place among the spare ones are one household.
    if dice.chance(0.4) {
      let device = pools.spareDevices.lowerBound + merchant.rank / 2 % pools.spareDevices.count
      let seen = deviceSeen(device)
      login(shop, device, between(max(merchant.opened + 60, seen), end, dice.unit()), end, &rows)
    }
    if let agency = merchant.agency {
      for device in 0..<Pools.devicesPerAgency where dice.chance(0.6) {
        let rank = pools.serviceDevices.lowerBound + agency * Pools.devicesPerAgency + device
        login(
          shop, rank, between(max(merchant.opened, Calendar.start - 50 * Calendar.day), end, dice.unit()),
          end, &rows)
      }
    }
    guard let member = merchant.member, let ring = merchant.ring, member.role.isRisky, !ring.devices.isEmpty,
      ring.kind.weight > 0
    else { return }
    // Rings log in from their own devices: taken-over shops from the start of the deeds, others some weeks before.
    let early = ring.kind.conduct.newDevice ? Int64(0) : Int64(30 * dice.unit() * Double(Calendar.day))
    let first = max(merchant.opened + 60, member.start - early)
    let logins = ring.skill > 0.75 ? 1 : 2
    for number in 0..<logins {
      let device =
        ring.devices.lowerBound + (Int(member.slot) * 7 + number * 3 + dice.below(2)) % ring.devices.count
      guard dice.chance(0.5 + 0.5 * ring.openness) else { continue }
      let when = number == 0 ? first : between(first, end, dice.unit())
      login(shop, pools.ringDevices.lowerBound + device, when, end, &rows)
    }
  }

  private func login(_ shop: Shop, _ device: Int, _ when: Int64, _ end: Int64, _ rows: inout BlockRows) {
    guard when < end, when >= shop.merchant.opened else { return }
    rows[.merchantLogsIn].add(word: shop.key)
    rows[.merchantLogsIn].add(word: key(.device, device))
    rows[.merchantLogsIn].add(time: when)
  }

  func payment(_ shop: Shop, _ dice: inout CounterGenerator, _ rows: inout BlockRows) {
    let merchant = shop.merchant
    let end = min(merchant.closed, Calendar.end)
    var own = true
    if let member = merchant.member, let ring = merchant.ring, member.role.isRisky, !ring.accounts.isEmpty,
      dice.chance(0.45 + 0.55 * ring.openness)
    {
      let account = ring.accounts.lowerBound + (Int(member.slot) + dice.below(2)) % ring.accounts.count
      let isLater = ring.kind.conduct.newAccount
      let when =
        isLater ? member.start + Int64(dice.unit() * 5 * Double(Calendar.day)) : merchant.opened + 120
      let rank = pools.ringAccounts.lowerBound + account
      paid(shop, rank, max(when, accountOpened(rank) + 60), end, &rows)
      own = isLater || dice.chance(0.35)
    }
    if own { paid(shop, merchant.rank, merchant.opened + 100 + Int64(dice.below(9000)), end, &rows) }
    // An honest change of bank; owners of two shops may name the same account.
    if dice.chance(0.2) {
      let spare = pools.spareAccounts.lowerBound + merchant.rank / 2 % pools.spareAccounts.count
      paid(
        shop, spare, between(max(merchant.opened + 200, accountOpened(spare)), end, dice.unit()), end, &rows)
    }
  }

  private func paid(_ shop: Shop, _ account: Int, _ when: Int64, _ end: Int64, _ rows: inout BlockRows) {
    guard when < end, when >= shop.merchant.opened else { return }
    rows[.merchantPaidTo].add(word: shop.key)
    rows[.merchantPaidTo].add(word: key(.account, account))
    rows[.merchantPaidTo].add(time: when)
  }

  func shipping(_ shop: Shop, _ dice: inout CounterGenerator, _ rows: inout BlockRows) {
    let merchant = shop.merchant
    let end = min(merchant.closed, Calendar.end)
    var own = true
    if let member = merchant.member, let ring = merchant.ring, member.role.isRisky, !ring.addresses.isEmpty,
      !ring.kind.crew.takesOver, dice.chance(0.25 + 0.6 * ring.openness)
    {
      let address = ring.addresses.lowerBound + Int(member.slot) % ring.addresses.count
      ships(shop, pools.ringAddresses.lowerBound + address, merchant.opened + 200, end, &rows)
      own = dice.chance(0.4)
    }
    if own {
      let place =
        merchant.warehouse
        ?? pools.shops.lowerBound
        + Int(Double(merchant.rank) / Double(pools.merchants) * Double(pools.shops.count))
      ships(shop, place, merchant.opened + 150 + Int64(dice.below(20_000)), end, &rows)
    }
  }

  private func ships(_ shop: Shop, _ address: Int, _ when: Int64, _ end: Int64, _ rows: inout BlockRows) {
    guard when < end else { return }
    rows[.shipsFrom].add(word: shop.key)
    rows[.shipsFrom].add(word: key(.address, address))
    rows[.shipsFrom].add(time: when)
  }

  func advertising(_ shop: Shop, _ dice: inout CounterGenerator, _ rows: inout BlockRows) {
    let merchant = shop.merchant
    let end = min(merchant.closed, Calendar.end)
    for rank in ads(of: merchant.rank) {
      let started = adStarted(rank, of: merchant)
      guard started < end else { continue }
      let adKey = key(.ad, rank)
      rows[.advertises].add(word: shop.key)
      rows[.advertises].add(word: adKey)
      rows[.advertises].add(time: started)
      for _ in 0..<1 + dice.below(3) {
        let place = dice.below(shop.products.count)
        let since = started + Int64(dice.below(3600))
        guard shop.products[place].listed < since, since < end else { continue }
        rows[.adShows].add(word: adKey)
        rows[.adShows].add(word: shop.productKeys[place])
        rows[.adShows].add(time: since)
      }
    }
  }

  /// When an ad was first shown: a culprit's after the start of its deeds, mostly.
  func adStarted(_ rank: Int, of merchant: Merchant) -> Int64 {
    var dice = streams.ad.generator(item: rank)
    var from = max(merchant.opened + 3600, Calendar.start)
    let end = min(merchant.closed, Calendar.end)
    if let member = merchant.member, let ring = merchant.ring, ring.kind.conduct.forbiddenAds > 0,
      dice.chance(0.8)
    {
      from = max(from, member.start)
    }
    return between(from, max(from + 1, end), dice.unit())
  }
}
