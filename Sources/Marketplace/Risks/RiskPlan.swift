import Compute

// Who is in which ring, decided before anything is written.
//
// The risky merchants' budget is divided among the typologies by their weights; rings are drawn for each until its part is
// used up. Members are drawn at random among the ranks of the ring's country, never twice. What is kept: four bytes for
// each merchant, creator and buyer, and a record for each member, so the plan of a hundred million edges fits easily.

struct RiskPlan: Sendable {
  private(set) var rings: [Ring] = []
  private(set) var members: [Member] = []
  /// The member that a rank is, plus one; 0 for those who are in no ring.
  private(set) var merchantMember: [UInt32]
  private(set) var creatorMember: [UInt32]
  private(set) var buyerMember: [UInt32]
  /// Buyers who abuse refunds on their own.
  private(set) var loners: [Int32] = []
  private(set) var deviceCount = 0
  private(set) var accountCount = 0
  private(set) var addressCount = 0

  private let merchantCells: Cells
  private let creatorCells: Cells
  private let buyerCells: Cells
  private var dice: CounterGenerator
  private let riskRate: Double

  init(options: GeneratorOptions, merchants: Cells, creators: Cells, buyers: Cells) {
    merchantCells = merchants
    creatorCells = creators
    buyerCells = buyers
    merchantMember = [UInt32](repeating: 0, count: merchants.count)
    creatorMember = [UInt32](repeating: 0, count: creators.count)
    buyerMember = [UInt32](repeating: 0, count: buyers.count)
    dice = options.seed.generator(for: "risk plan")
    riskRate = options.riskRate

    let chosen = options.typologies.compactMap { typology in
      Typology.all.firstIndex { $0.name == typology.name }
    }
    for (typology, quota) in zip(
      chosen, quotas(chosen, of: Int((riskRate * Double(merchants.count)).rounded())))
    {
      let kind = Typology.all[typology]
      if kind.weight > 0 {
        drawMerchantRings(typology, kind, quota)
      } else if kind.crew.buyerShare > 0 {
        drawBuyerRings(typology, kind)
      } else {
        drawCreatorRings(typology, kind)
      }
    }
  }

  func member(ofMerchant rank: Int) -> Member? { member(merchantMember[rank]) }
  func member(ofCreator rank: Int) -> Member? { member(creatorMember[rank]) }
  func member(ofBuyer rank: Int) -> Member? { member(buyerMember[rank]) }

  var riskyMerchants: Int { merchantMember.reduce(0) { $0 + (member($1)?.role.isRisky == true ? 1 : 0) } }

  @inline(__always)
  private func member(_ place: UInt32) -> Member? { place == 0 ? nil : members[Int(place) - 1] }

  /// How many risky merchants each typology gets: by weight, the largest remainders rounded up.
  private func quotas(_ typologies: [Int], of budget: Int) -> [Int] {
    let weights = typologies.map { Typology.all[$0].weight }
    let total = weights.reduce(0, +)
    guard total > 0 else { return weights.map { _ in 0 } }
    let exact = weights.map { Double(budget) * $0 / total }
    var quotas = exact.map { Int($0) }
    let order = exact.indices.sorted {
      let (a, b) = (exact[$0] - exact[$0].rounded(.down), exact[$1] - exact[$1].rounded(.down))
      return a != b ? a > b : $0 < $1
    }
    for place in order.prefix(budget - quotas.reduce(0, +)) { quotas[place] += 1 }
    return quotas
  }

  private mutating func drawMerchantRings(_ typology: Int, _ kind: Typology, _ quota: Int) {
    var left = quota
    while left > 0 {
      let range = kind.crew.merchants
      var size = min(left, range.lowerBound + dice.below(range.count))
      // What would be left is too few for a ring of its own.
      if left - size < range.lowerBound { size = min(left, max(size, range.upperBound)) }
      if left - size < (range.lowerBound + 1) / 2 { size = left }
      left -= size
      drawRing(typology, kind, merchants: size)
    }
  }

  private mutating func drawBuyerRings(_ typology: Int, _ kind: Typology) {
    // Half of the abusers act alone, half in rings.
    let abusers = kind.crew.buyerShare * riskRate / 0.08 * Double(buyerCells.count)
    for _ in 0..<Int((abusers / 2).rounded()) { drawLoner(typology, kind) }
    let mean = Double(kind.crew.buyers.lowerBound + kind.crew.buyers.upperBound) / 2
    for _ in 0..<min(max(riskRate > 0 ? 1 : 0, Int((abusers / 2 / mean).rounded())), buyerCells.count / 100) {
      drawRing(typology, kind, merchants: 0)
    }
  }

  private mutating func drawCreatorRings(_ typology: Int, _ kind: Typology) {
    var left = Int((kind.crew.creatorShare * riskRate / 0.08 * Double(creatorCells.count)).rounded())
    while left > 0 {
      let size = min(left, kind.crew.creators.lowerBound + dice.below(kind.crew.creators.count))
      left -= size
      drawRing(typology, kind, merchants: 0, creators: size)
    }
  }

  private mutating func drawLoner(_ typology: Int, _ kind: Typology) {
    let (start, end) = drawTimes(kind)
    var ring = Ring(typology: typology, skill: dice.unit(), start: start, end: end, country: drawCountry())
    guard let rank = pick(buyerCells, ring.country, buyerMember) else { return }
    ring.buyers = [Int32(rank)]
    let opened = start - days(dice.uniform(30, 900))
    enlist(
      \.buyerMember, rank, Member(ring: 0, slot: 0, role: .abuser, start: start, end: end, opened: opened))
    loners.append(Int32(rank))
    // Nothing of its own, at the place where the next ring's begin: the rings' parts stay in order.
    ring.devices = deviceCount..<deviceCount
    ring.accounts = accountCount..<accountCount
    ring.addresses = addressCount..<addressCount
    rings.append(ring)
  }

  private mutating func drawRing(_ typology: Int, _ kind: Typology, merchants: Int, creators: Int? = nil) {
    let (start, end) = drawTimes(kind)
    // Who means no harm hides little.
    let skill = dice.unit() * (kind.isFraud ? 1 : 0.3)
    var ring = Ring(typology: typology, skill: skill, start: start, end: end, country: drawCountry())
    drawMerchants(&ring, kind, merchants)
    drawVictims(&ring, kind)
    let promoters = creators ?? kind.crew.creators.lowerBound + dice.below(kind.crew.creators.count)
    let creatorRole: Member.Role = creators == nil ? .promoter : .customer
    for _ in 0..<min(promoters, creatorCells.count / 20) {
      guard let rank = pick(creatorCells, ring.country, creatorMember) else { continue }
      let opened = start - days(dice.uniform(20, 700))
      enlist(
        \.creatorMember, rank,
        Member(
          ring: 0, slot: Int32(ring.creators.count), role: creatorRole, start: start, end: end, opened: opened
        ))
      ring.creators.append(Int32(rank))
    }
    drawBuyers(&ring, kind, merchants: merchants)
    shareOut(&ring, kind)
    rings.append(ring)
  }

  private mutating func drawMerchants(_ ring: inout Ring, _ kind: Typology, _ count: Int) {
    var start = ring.start
    for slot in 0..<count {
      guard let rank = pick(merchantCells, ring.country, merchantMember) else { continue }
      var role = Member.Role.culprit
      var end = ring.end
      // Deeds begin one after another, the first at the ring's start.
      var begin = slot == 0 ? start : start + days(dice.exponential(mean: 25))
      var wait = kind.trial.waitDays * (0.3 + dice.exponential(mean: 0.7))
      if ring.skill > 0.6 && dice.chance(0.6) { wait = 200 + dice.exponential(mean: 500) }
      if kind.crew.takesOver { wait = 150 + dice.exponential(mean: 650) }
      if kind.crew.comesBack {
        begin = start
        if slot < count - 1 || count == 1 {
          role = .predecessor
          end = min(begin + days(dice.uniform(40, 110)), Calendar.end - days(12))
          if slot > 0 { wait = min(wait, 30) }
        }
        // The next of the chain opens after this one was banned.
        let pause = days(dice.uniform(6, 45))
        let opened = slot == 0 ? begin - days(wait) : begin - days(min(wait, 20))
        enlist(
          \.merchantMember, rank,
          Member(
            ring: 0, slot: Int32(slot), role: role, start: begin, end: max(end, begin + days(5)),
            opened: min(opened, Calendar.end - days(3))))
        ring.merchants.append(Int32(rank))
        start = min(end + pause + days(20), Calendar.end - days(2))
        continue
      }
      begin = min(begin, Calendar.end - days(4))
      end = max(end, begin + days(10))
      enlist(
        \.merchantMember, rank,
        Member(
          ring: 0, slot: Int32(slot), role: role, start: begin, end: min(end, Calendar.end),
          opened: begin - days(wait)))
      ring.merchants.append(Int32(rank))
    }
  }

  private mutating func drawVictims(_ ring: inout Ring, _ kind: Typology) {
    guard kind.crew.victims.upperBound > 0 else { return }
    let count = min(
      kind.crew.victims.lowerBound + dice.below(kind.crew.victims.count), max(1, merchantCells.count / 100))
    for _ in 0..<count {
      guard let rank = pick(merchantCells, ring.country, merchantMember) else { continue }
      let opened = ring.start - days(60 + dice.exponential(mean: 600))
      enlist(
        \.merchantMember, rank,
        Member(
          ring: 0, slot: Int32(ring.merchants.count), role: .victim, start: ring.start, end: ring.end,
          opened: opened))
      ring.merchants.append(Int32(rank))
    }
  }

  private mutating func drawBuyers(_ ring: inout Ring, _ kind: Typology, merchants: Int) {
    var count = Int((kind.crew.buyersPerMerchant * Double(merchants) * dice.uniform(0.7, 1.3)).rounded())
    var role = Member.Role.shill
    if kind.crew.buyers.upperBound > 0 {
      count = kind.crew.buyers.lowerBound + dice.below(kind.crew.buyers.count)
      role = kind.crew.creatorShare > 0 ? .bot : .abuser
    }
    count = min(count, buyerCells.count / 25)
    for slot in 0..<max(0, count) {
      guard let rank = pick(buyerCells, ring.country, buyerMember) else { continue }
      let isAged = dice.chance(kind.crew.agedBuyers * (0.5 + ring.skill))
      let opened = ring.start - days(isAged ? 100 + dice.exponential(mean: 400) : dice.uniform(3, 70))
      enlist(
        \.buyerMember, rank,
        Member(ring: 0, slot: Int32(slot), role: role, start: ring.start, end: ring.end, opened: opened))
      ring.buyers.append(Int32(rank))
    }
  }

  /// The ring's devices, accounts and addresses: the skilled take more of them.
  private mutating func shareOut(_ ring: inout Ring, _ kind: Typology) {
    let spread = 1 + 1.5 * ring.skill * ring.skill
    let culprits = kind.crew.merchants.upperBound > 0 ? Double(ring.merchants.count) : 0
    let promoters = kind.crew.creatorShare > 0 ? 0 : Double(ring.creators.count)
    func shares(_ heads: Double, _ each: Double) -> Int {
      heads == 0 || !kind.crew.shares ? 0 : max(1, Int((heads / each * spread).rounded()))
    }
    let buyers = Double(ring.buyers.count)
    let devices = shares(culprits + promoters + buyers, kind.crew.perDevice)
    let accounts = shares(culprits + promoters, kind.crew.perAccount)
    let addresses = shares(culprits + buyers * 0.5, kind.crew.perAddress)
    ring.devices = deviceCount..<deviceCount + devices
    ring.accounts = accountCount..<accountCount + accounts
    ring.addresses = addressCount..<addressCount + addresses
    deviceCount += devices
    accountCount += accounts
    addressCount += addresses
  }

  /// When a ring starts and ends: some before the tables begin, more or fewer over the year as the typology drifts.
  private mutating func drawTimes(_ kind: Typology) -> (start: Int64, end: Int64) {
    let first = kind.isNew ? Calendar.lastQuarter + days(2) : Calendar.start - days(100)
    let last = Calendar.end - days(kind.isNew ? 30 : 22)
    var start = first
    repeat {
      start = first + Int64(dice.unit() * Double(last - first))
      let through = Double(start - Calendar.start) / Double(Calendar.end - Calendar.start)
      let weight = (1 + kind.drift * (2 * through - 1)) / (1 + abs(kind.drift) * 1.6)
      if dice.unit() < weight { break }
    } while true
    let isOngoing = dice.chance(0.72)
    let end = isOngoing ? Calendar.end : min(Calendar.end, start + days(dice.uniform(70, 300)))
    return (start, end)
  }

  private mutating func drawCountry() -> Int {
    var left = dice.unit() * Vocabulary.countryShares.reduce(0, +)
    for (country, share) in Vocabulary.countryShares.enumerated() {
      left -= share
      if left < 0 { return country }
    }
    return 0
  }

  /// A rank that is in no ring yet, of the country for seven in ten; nil when hardly any is left.
  private mutating func pick(_ cells: Cells, _ country: Int, _ taken: [UInt32]) -> Int? {
    let home = cells.range(country: country)
    for attempt in 0..<400 {
      let range = attempt < 40 && !home.isEmpty && dice.chance(0.7) ? home : 0..<cells.count
      let rank = range.lowerBound + dice.below(range.count)
      if taken[rank] == 0 { return rank }
    }
    return nil
  }

  private mutating func enlist(_ taken: WritableKeyPath<RiskPlan, [UInt32]>, _ rank: Int, _ member: Member) {
    var member = member
    member.ring = Int32(rings.count)
    // The platform is not older than this.
    member.opened = max(member.opened, Calendar.start - days(2850))
    members.append(member)
    self[keyPath: taken][rank] = UInt32(members.count)
  }
}

private func days(_ count: Double) -> Int64 { Int64(count * Double(Calendar.day)) }
