import Compute
import Foundation

// What a creator does: promotions, live streams, videos, logins; and who follows.

extension World {
  func creatorEvents(_ creator: Creator, _ rows: inout BlockRows) {
    var dice = streams.creatorEvents.generator(item: creator.rank)
    let own = key(.creator, creator.rank)
    let start = max(creator.joined, Calendar.start)
    guard start < Calendar.end else { return }
    let low = calendar.share(before: start)
    for _ in 0..<dice.poisson(creator.promotions * (1 - low)) {
      let when = dice.next()
      let at = calendar.instant(atShare: low + (1 - low) * fraction(when), bits: when >> 32)
      guard at > creator.joined, let product = pickProduct(for: creator, at: at, &dice) else { continue }
      rows[.promotes].add(word: own)
      rows[.promotes].add(word: product)
      rows[.promotes].add(time: at)
      rows[.promotes].add(number: rounded(0.05 + 0.2 * dice.unit() * dice.unit(), 1000))
    }
    for rank in streams(of: creator.rank) {
      let (started, minutes) = streamTimes(rank, of: creator)
      guard started + minutes * 60 < Calendar.end else { continue }
      let streamKey = key(.stream, rank)
      rows[.hosts].add(word: own)
      rows[.hosts].add(word: streamKey)
      rows[.hosts].add(time: started)
      for _ in 0..<2 + dice.below(8) {
        let shown = started + Int64(dice.unit() * Double(minutes * 60))
        guard let product = pickProduct(for: creator, at: shown, &dice) else { continue }
        rows[.features].add(word: streamKey)
        rows[.features].add(word: product)
        rows[.features].add(time: shown)
      }
    }
    for rank in videos(of: creator.rank) {
      let posted = videoPosted(rank, of: creator)
      guard posted + Calendar.day < Calendar.end else { continue }
      let videoKey = key(.video, rank)
      rows[.posts].add(word: own)
      rows[.posts].add(word: videoKey)
      rows[.posts].add(time: posted)
      for _ in 0..<1 + dice.below(4) {
        guard let product = pickProduct(for: creator, at: posted, &dice) else { continue }
        rows[.tags].add(word: videoKey)
        rows[.tags].add(word: product)
        rows[.tags].add(time: posted)
      }
    }
    follows(creator, own, &dice, &rows)
    logins(creator, own, &dice, &rows)
  }

  /// A product that the creator shows: of the ring while it is active, else of a merchant near in taste and place.
  private func pickProduct(for creator: Creator, at instant: Int64, _ dice: inout CounterGenerator) -> UInt64?
  {
    var rank: Int
    if let member = creator.member, let ring = creator.ring, !ring.merchants.isEmpty,
      instant >= member.start, instant < member.end,
      dice.chance(ring.kind.conduct.promotion * (0.3 + 0.7 * ring.openness))
    {
      rank = Int(ring.merchants[dice.below(ring.merchants.count)])
    } else {
      let who = dice.next()
      let skew = fraction(who)
      rank = merchantCells.near(
        creator.cell, choice: dice.unit(), skew: skew * skew, anywhere: fraction(who >> 32))
    }
    let merchant = merchant(rank)
    guard merchant.opened < instant, merchant.closed > instant else { return nil }
    let range = products(of: rank)
    let place = range.lowerBound + dice.below(range.count)
    if product(place, of: merchant).listed < instant { return key(.product, place) }
    let first = range.lowerBound
    return product(first, of: merchant).listed < instant ? key(.product, first) : nil
  }

  private func follows(
    _ creator: Creator, _ own: UInt64, _ dice: inout CounterGenerator, _ rows: inout BlockRows
  ) {
    let start = max(creator.joined, Calendar.start)
    let low = calendar.share(before: start)
    let honest = dice.poisson(creator.audience * (1 - low))
    var leaping = 0
    var leapShare = low
    if let leap = creator.leap {
      leaping = 10 + 3 * honest
      leapShare = calendar.share(before: leap)
    }
    for number in 0..<honest + leaping {
      let who = dice.next()
      let when = dice.next()
      let share =
        number < honest
        ? low + (1 - low) * fraction(when)
        : min(0.999_999, leapShare + 0.015 * fraction(when) * (1 - leapShare))
      let since = calendar.instant(atShare: share, bits: when >> 32)
      let skew = fraction(who)
      let choice = number < honest ? fraction(who &* 0x9e37_79b9_7f4a_7c15) : 1
      let buyer = buyerCells.near(
        creator.cell, choice: choice, skew: skew * skew, anywhere: fraction(who >> 32))
      guard since > creator.joined, buyerJoined(buyer) < since else { continue }
      follow(own, buyer, since, &rows)
    }
    guard let member = creator.member, let ring = creator.ring, ring.kind.conduct.boughtFollows > 0 else {
      return
    }
    let begin = max(member.start, start)
    for bot in ring.buyers where dice.chance(0.35 + 0.5 * ring.openness) {
      let days = ring.kind.conduct.burstDays * (1 + 6 * ring.skill)
      let since = begin + Int64(dice.unit() * days * Double(Calendar.day))
      if since < Calendar.end, buyerJoined(Int(bot)) < since { follow(own, Int(bot), since, &rows) }
    }
  }

  private func follow(_ creator: UInt64, _ buyer: Int, _ since: Int64, _ rows: inout BlockRows) {
    rows[.follows].add(word: key(.buyer, buyer))
    rows[.follows].add(word: creator)
    rows[.follows].add(time: since)
  }

  private func logins(
    _ creator: Creator, _ own: UInt64, _ dice: inout CounterGenerator, _ rows: inout BlockRows
  ) {
    var devices = [(pools.merchants + creator.rank, creator.joined + 60)]
    if let agency = creator.agency {
      for device in 0..<Pools.devicesPerAgency where dice.chance(0.65) {
        let at = between(
          max(creator.joined + 90, Calendar.start - 50 * Calendar.day), Calendar.end, dice.unit())
        devices.append((pools.agencyDevices.lowerBound + agency * Pools.devicesPerAgency + device, at))
      }
    }
    if let member = creator.member, let ring = creator.ring, !ring.devices.isEmpty, member.role == .promoter,
      dice.chance(0.2 + 0.7 * ring.openness)
    {
      let device = pools.ringDevices.lowerBound + ring.devices.lowerBound + dice.below(ring.devices.count)
      devices.append((device, max(creator.joined + 90, member.start)))
    }
    for (device, at) in devices where at < Calendar.end {
      rows[.creatorLogsIn].add(word: own)
      rows[.creatorLogsIn].add(word: key(.device, device))
      rows[.creatorLogsIn].add(time: at)
    }
    var account = pools.merchants + creator.rank
    if let agency = creator.agency, dice.chance(0.6) { account = pools.agencyAccounts.lowerBound + agency }
    if let member = creator.member, let ring = creator.ring, !ring.accounts.isEmpty, member.role == .promoter,
      dice.chance(0.1 + 0.5 * ring.openness)
    {
      account = pools.ringAccounts.lowerBound + ring.accounts.lowerBound + dice.below(ring.accounts.count)
    }
    let since = max(creator.joined, accountOpened(account)) + 100
    guard since < Calendar.end else { return }
    rows[.creatorPaidTo].add(word: own)
    rows[.creatorPaidTo].add(word: key(.account, account))
    rows[.creatorPaidTo].add(time: since)
  }

  /// When a stream began, and its minutes.
  func streamTimes(_ rank: Int, of creator: Creator) -> (started: Int64, minutes: Int64) {
    var dice = streams.stream.generator(item: rank)
    let low = calendar.share(before: max(creator.joined, Calendar.start))
    let when = dice.next()
    let started = max(
      calendar.instant(atShare: min(0.999, low + (1 - low) * fraction(when)), bits: when >> 32),
      creator.joined + 300)
    let minutes = Int64(20 + min(420, 70 * exp(0.6 * dice.normal())))
    return (min(started, Calendar.end - minutes * 60 - 60), minutes)
  }

  func videoPosted(_ rank: Int, of creator: Creator) -> Int64 {
    var dice = streams.video.generator(item: rank)
    let low = calendar.share(before: max(creator.joined, Calendar.start))
    let when = dice.next()
    let posted = calendar.instant(atShare: min(0.999, low + (1 - low) * fraction(when)), bits: when >> 32)
    return min(max(posted, creator.joined + 300), Calendar.end - Calendar.day - 60)
  }
}
