import Compute
import Foundation

// The rows of what is shown and what is shared: streams, videos, ads, devices, accounts, addresses.

extension World {
  func streamRow(_ rank: Int, _ rows: inout Rows) {
    let creator = creator(owner(of: rank, in: firstStream))
    let (started, minutes) = streamTimes(rank, of: creator)
    var dice = streams.stream.generator(item: -1 - rank)
    rows.add(word: key(.stream, rank))
    rows.add(time: started)
    rows.add(time: started + minutes * 60)
    let words = dice.next()
    rows.addText { text in
      text.append(contentsOf: Vocabulary.nounBytes[creator.category][Int(words & 0xff) % 6])
      text.append(44)
      text.append(32)
      text.append(contentsOf: Vocabulary.sellingBytes[Int(words >> 8 & 0xff) % 10])
    }
    rows.add(number: Double(minutes))
    let viewers = (4 + creator.audience * 3 * exp(0.7 * dice.normal())).rounded()
    rows.add(number: viewers)
    rows.add(number: (viewers * Double(minutes) * 0.01 * exp(0.8 * dice.normal())).rounded())
  }

  func videoRow(_ rank: Int, _ rows: inout Rows) {
    let creator = creator(owner(of: rank, in: firstVideo))
    let posted = videoPosted(rank, of: creator)
    var dice = streams.video.generator(item: -1 - rank)
    rows.add(word: key(.video, rank))
    rows.add(time: posted)
    rows.add(time: posted + Calendar.day)
    let words = dice.next()
    rows.addText { text in
      text.append(contentsOf: Vocabulary.adjectiveBytes[Int(words & 15)])
      text.append(32)
      text.append(contentsOf: Vocabulary.nounBytes[creator.category][Int(words >> 8 & 0xff) % 6])
      text.append(32)
      text.append(contentsOf: Vocabulary.detailBytes[Int(words >> 16 & 0xff) % 12])
    }
    rows.add(number: (15 + 40 * exp(0.7 * dice.normal())).rounded())
    let views = (10 + creator.audience * 12 * exp(dice.normal())).rounded()
    rows.add(number: views)
    rows.add(number: (views * logistic(-2.8 + 0.5 * dice.normal())).rounded())
  }

  func adRow(_ rank: Int, _ rows: inout Rows) {
    let merchant = merchant(owner(of: rank, in: firstAd))
    var dice = streams.ad.generator(item: -1 - rank)
    rows.add(word: key(.ad, rank))
    let started = adStarted(rank, of: merchant)
    rows.add(time: min(started, Calendar.end - 1))
    let words = dice.next()
    var forbidden = 0.02
    if let ring = merchant.ring, let member = merchant.member, member.role.isRisky {
      forbidden += ring.kind.conduct.forbiddenAds * ring.openness
    }
    let breaksRules = dice.chance(forbidden)
    rows.addText { text in
      text.append(contentsOf: Vocabulary.nounBytes[merchant.category][Int(words & 0xff) % 6])
      text.append(58)
      text.append(32)
      let phrases = breaksRules ? Vocabulary.forbiddenBytes : Vocabulary.sellingBytes
      text.append(contentsOf: phrases[Int(words >> 8 & 0xff) % phrases.count])
    }
    rows.add(code: dice.below(channelLevels.count))
    rows.add(number: rounded(30 * exp(1.1 * dice.normal()), 100))
  }

  /// The ring whose part of a pool holds a place.
  private func ring(holding place: Int, _ part: KeyPath<Ring, Range<Int>>) -> Ring {
    var low = 0
    var high = plan.rings.count - 1
    while low < high {
      let middle = (low + high + 1) >> 1
      if plan.rings[middle][keyPath: part].lowerBound <= place { low = middle } else { high = middle - 1 }
    }
    return plan.rings[low]
  }

  /// When a device was first seen: some time before its first login.
  func deviceSeen(_ rank: Int) -> Int64 {
    var dice = streams.device.generator(item: -1 - rank)
    if rank < pools.merchants {
      return merchant(rank).opened - Int64(dice.unit() * 30 * Double(Calendar.day))
    }
    if rank < pools.merchants + pools.creators {
      return creator(rank - pools.merchants).joined - Int64(dice.unit() * 30 * Double(Calendar.day))
    }
    // A new one, bought in the year or not long before.
    if pools.spareDevices.contains(rank) {
      return Calendar.end - Int64(700 * dice.unit() * Double(Calendar.day)) - 1
    }
    if pools.ringDevices.contains(rank) {
      let ring = ring(holding: rank - pools.ringDevices.lowerBound, \.devices)
      return ring.start - Int64((31 + dice.exponential(mean: 150 + 500 * ring.skill)) * Double(Calendar.day))
    }
    let long = dice.unit()
    return Calendar.start - Int64((60 + 900 * long * long) * Double(Calendar.day)) - 1
  }

  func deviceRow(_ rank: Int, _ rows: inout Rows) {
    var dice = streams.device.generator(item: rank)
    var kind = [0, 0, 0, 0, 0, 0, 1, 2, 2, 2][dice.below(10)]
    var emulator = 0.015
    if rank < pools.merchants {
      kind = [0, 0, 0, 2, 2, 2, 2, 1, 0, 2][dice.below(10)]
    } else if pools.gateways.contains(rank) {
      kind = 3
    } else if pools.serviceDevices.contains(rank) {
      kind = 2
      emulator = 0.05
    } else if pools.ringDevices.contains(rank) {
      let ring = ring(holding: rank - pools.ringDevices.lowerBound, \.devices)
      emulator = 0.03 + 0.25 * ring.openness * ring.openness
    }
    rows.add(word: key(.device, rank))
    rows.add(time: deviceSeen(rank))
    rows.add(code: kind)
    let system = dice.unit()
    rows.add(
      code: kind == 2 ? (system < 0.75 ? 2 : 3) : kind == 3 ? 4 : system < 0.68 ? 0 : system < 0.97 ? 1 : 4)
    rows.add(flag: dice.chance(emulator))
  }

  /// When an account was first named on the platform.
  func accountOpened(_ rank: Int) -> Int64 {
    var dice = streams.account.generator(item: -1 - rank)
    if rank < pools.merchants {
      return merchant(rank).opened - Int64(dice.exponential(mean: 60) * Double(Calendar.day))
    }
    if rank < pools.merchants + pools.creators {
      return creator(rank - pools.merchants).joined - Int64(dice.exponential(mean: 60) * Double(Calendar.day))
    }
    if pools.spareAccounts.contains(rank) {
      return Calendar.end - Int64(900 * dice.unit() * Double(Calendar.day)) - 1
    }
    if pools.ringAccounts.contains(rank) {
      let ring = ring(holding: rank - pools.ringAccounts.lowerBound, \.accounts)
      return ring.start - Int64((1 + dice.exponential(mean: 150 + 500 * ring.skill)) * Double(Calendar.day))
    }
    let long = dice.unit()
    return Calendar.start - Int64((1200 + 900 * long * long) * Double(Calendar.day)) - 1
  }

  func accountRow(_ rank: Int, _ rows: inout Rows) {
    var dice = streams.account.generator(item: rank)
    var country = dice.below(countryLevels.count)
    let isHome = dice.chance(0.93)
    var wallet = 0.2
    if rank < pools.merchants {
      if isHome { country = Cells.country(of: merchantCells.cell(of: rank)) }
    } else if rank < pools.merchants + pools.creators {
      if isHome { country = Cells.country(of: creatorCells.cell(of: rank - pools.merchants)) }
    } else if pools.ringAccounts.contains(rank) {
      let ring = ring(holding: rank - pools.ringAccounts.lowerBound, \.accounts)
      wallet = 0.2 + 0.3 * ring.openness
      if dice.chance(0.6) { country = ring.country }
    }
    rows.add(word: key(.account, rank))
    rows.add(time: accountOpened(rank))
    let kind = dice.unit()
    rows.add(code: kind < wallet ? 2 : kind < wallet + 0.15 ? 1 : 0)
    rows.add(code: country)
  }

  func addressRow(_ rank: Int, _ rows: inout Rows) {
    var dice = streams.address.generator(item: rank)
    // The map knows places for longer than the platform its shops.
    let seen = Calendar.start - Int64(2900 + 2500 * dice.unit()) * Calendar.day - Int64(dice.unit() * 86_400)
    var country = dice.below(countryLevels.count)
    var kind = 0
    if pools.warehouses.contains(rank) {
      let each = max(1, pools.warehouses.count / countryLevels.count)
      country = min(countryLevels.count - 1, rank / each)
      kind = 3
    } else if pools.ringAddresses.contains(rank) {
      let ring = ring(holding: rank - pools.ringAddresses.lowerBound, \.addresses)
      if dice.chance(0.8) { country = ring.country }
      let draw = dice.unit()
      kind = draw < 0.4 ? 2 : draw < 0.75 ? 0 : draw < 0.75 + 0.2 * ring.openness ? 4 : 1
    } else if pools.shops.contains(rank) {
      let part = Double(rank - pools.shops.lowerBound) / Double(pools.shops.count)
      country = Cells.country(of: merchantCells.cell(of: Int(part * Double(pools.merchants))))
      let draw = dice.unit()
      kind = draw < 0.55 ? 2 : draw < 0.85 ? 0 : draw < 0.95 ? 1 : 4
    } else {
      let isOffice = pools.offices.contains(rank)
      let pool = isOffice ? pools.offices : pools.homes
      let part = Double(rank - pool.lowerBound) / Double(pool.count)
      country = Cells.country(of: buyerCells.cell(of: Int(part * Double(pools.buyers))))
      kind = isOffice ? 1 : 0
    }
    rows.add(word: key(.address, rank))
    rows.add(time: seen)
    rows.add(code: kind)
    rows.add(code: country)
  }
}
