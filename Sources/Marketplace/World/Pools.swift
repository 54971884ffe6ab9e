/// Whose is which device, payment account and address: each type's ranks are divided into the merchants' and creators'
/// own, those of agencies and warehouses, those of rings, and the buyers'.
///
/// Ranks do not show outside: keys and row orders are random.
struct Pools: Sendable {
  let merchants: Int
  let creators: Int
  let buyers: Int

  // Devices: merchants' own, creators' own, merchants' second ones, agencies', gateways, rings', buyers'.
  let serviceAgencies: Int
  let creatorAgencies: Int
  static let devicesPerAgency = 3
  let spareDevices: Range<Int>
  let serviceDevices: Range<Int>
  let agencyDevices: Range<Int>
  let gateways: Range<Int>
  let ringDevices: Range<Int>
  let buyerDevices: Range<Int>
  let devices: Int

  // Accounts: merchants' own, creators' own, agencies', rings', and new ones after a change of bank.
  let agencyAccounts: Range<Int>
  let ringAccounts: Range<Int>
  let spareAccounts: Range<Int>
  let accounts: Int

  // Addresses: warehouses, rings', merchants' own, homes, offices.
  let warehouses: Range<Int>
  let ringAddresses: Range<Int>
  let shops: Range<Int>
  let homes: Range<Int>
  let offices: Range<Int>
  let addresses: Int

  init(
    merchants: Int, creators: Int, buyers: Int, plan: RiskPlan, devices: Int, accounts: Int, addresses: Int,
    nodes: Int
  ) {
    self.merchants = merchants
    self.creators = creators
    self.buyers = buyers
    serviceAgencies = max(1, merchants / 140)
    creatorAgencies = max(1, creators / 45)

    var next = merchants + creators
    func take(_ count: Int) -> Range<Int> {
      defer { next += count }
      return next..<next + count
    }
    spareDevices = take(merchants / 2)
    serviceDevices = take(serviceAgencies * Pools.devicesPerAgency)
    agencyDevices = take(creatorAgencies * Pools.devicesPerAgency)
    gateways = take(max(1, nodes / 25_000))
    ringDevices = take(plan.deviceCount)
    buyerDevices = take(max(devices - next, max(1, buyers / 8)))
    self.devices = next

    next = merchants + creators
    agencyAccounts = take(creatorAgencies)
    ringAccounts = take(plan.accountCount)
    spareAccounts = take(max(merchants / 4, accounts - next))
    self.accounts = next

    next = 0
    warehouses = take(max(Vocabulary.countries.count, merchants / 160))
    ringAddresses = take(plan.addressCount)
    let rest = max(30, addresses - next)
    shops = take(rest * 45 / 100)
    offices = take(max(1, rest * 2 / 100))
    homes = take(max(1, rest - rest * 45 / 100 - rest * 2 / 100))
    self.addresses = next
  }

  /// A warehouse of a country, of its few.
  func warehouse(country: Int, draw: Double) -> Int {
    let each = warehouses.count / Vocabulary.countries.count
    guard each > 0 else { return warehouses.lowerBound + country % warehouses.count }
    return warehouses.lowerBound + country * each + Int(draw * Double(each))
  }
}
