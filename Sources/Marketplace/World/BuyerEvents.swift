import Compute

// What a buyer leaves behind besides orders: the devices it logs in from, the address its parcels go to.

extension World {
  func buyerEvents(_ rank: Int, _ rows: inout BlockRows) {
    var dice = streams.buyerEvents.generator(item: rank)
    let joined = buyerJoined(rank)
    let own = key(.buyer, rank)
    let member = plan.member(ofBuyer: rank)
    let ring = member.map(ring(of:))
    let start = max(joined + 1, Calendar.start - 60 * Calendar.day)
    guard start < Calendar.end else { return }

    // Families share a device: neighbours in rank live together. Some are seen through a carrier's gateway only.
    let shared = Int(Double(rank) / Double(pools.buyers) * Double(pools.buyerDevices.count))
    let device = dice.unit()
    if device < 0.62 {
      login(own, pools.buyerDevices.lowerBound + shared, between(start, Calendar.end, dice.unit()), &rows)
    }
    if device > 0.94 {
      login(
        own, pools.gateways.lowerBound + dice.below(pools.gateways.count),
        between(start, Calendar.end, dice.unit()), &rows)
    }
    let home = dice.unit()
    if home < 0.4 {
      let place =
        home < 0.37
        ? pools.homes.lowerBound + Int(Double(rank) / Double(pools.buyers) * Double(pools.homes.count))
        : pools.offices.lowerBound + Int(Double(rank) / Double(pools.buyers) * Double(pools.offices.count))
      delivers(own, place, joined + 60, &rows)
    }
    guard let member, let ring else { return }
    if !ring.devices.isEmpty, dice.chance(0.3 + 0.7 * ring.openness) {
      let place = ring.devices.lowerBound + (Int(member.slot) + dice.below(2)) % ring.devices.count
      login(own, pools.ringDevices.lowerBound + place, max(joined + 30, member.start - Calendar.day), &rows)
    }
    if !ring.addresses.isEmpty, dice.chance(0.2 + 0.6 * ring.openness) {
      let place = ring.addresses.lowerBound + (Int(member.slot) + dice.below(2)) % ring.addresses.count
      delivers(own, pools.ringAddresses.lowerBound + place, max(joined + 60, member.start), &rows)
    }
  }

  private func login(_ own: UInt64, _ device: Int, _ at: Int64, _ rows: inout BlockRows) {
    guard at < Calendar.end else { return }
    rows[.buyerLogsIn].add(word: own)
    rows[.buyerLogsIn].add(word: key(.device, device))
    rows[.buyerLogsIn].add(time: at)
  }

  private func delivers(_ own: UInt64, _ address: Int, _ since: Int64, _ rows: inout BlockRows) {
    guard since < Calendar.end else { return }
    rows[.deliversTo].add(word: own)
    rows[.deliversTo].add(word: key(.address, address))
    rows[.deliversTo].add(time: since)
  }
}
