import Compute
import Foundation

// The market as it is, before anything of it is written.
//
// A node is a rank within its type: its country, taste and standing follow from the rank, everything else from the seed's
// stream for that rank, whenever it is asked for. So the world itself is small (the rings, and how the products, streams,
// videos and ads are divided among their owners), and any block of any table can be made alone, on any thread.

struct World: Sendable {
  let options: GeneratorOptions
  let calendar = Calendar()
  let merchantCells: Cells
  let creatorCells: Cells
  let buyerCells: Cells
  let plan: RiskPlan
  let pools: Pools

  /// How many nodes of each kind, by `NodeKind.rawValue`.
  let counts: [Int]
  let keys: [KeyMaker]
  /// The order of each table's rows, which says nothing about ranks.
  let rowOrders: [Shuffle]

  /// `firstProduct[m]..<firstProduct[m + 1]` are a merchant's products, as ranks; likewise ads, streams and videos.
  let firstProduct: [UInt32]
  let firstAd: [UInt32]
  let firstStream: [UInt32]
  let firstVideo: [UInt32]

  let streams: Streams
  let ringKeys: KeyMaker
  private let buyerSalt: UInt64

  init(_ options: GeneratorOptions) {
    self.options = options
    func count(_ kind: NodeKind) -> Int { NodeKind.count(of: kind, nodes: options.scale.nodes) }
    merchantCells = Cells(count: count(.merchant))
    creatorCells = Cells(count: count(.creator))
    buyerCells = Cells(count: count(.buyer))
    plan = RiskPlan(options: options, merchants: merchantCells, creators: creatorCells, buyers: buyerCells)
    pools = Pools(
      merchants: merchantCells.count, creators: creatorCells.count, buyers: buyerCells.count, plan: plan,
      devices: count(.device), accounts: count(.account), addresses: count(.address),
      nodes: options.scale.nodes)
    var counts = NodeKind.allCases.map(count)
    counts[NodeKind.device.rawValue] = pools.devices
    counts[NodeKind.account.rawValue] = pools.accounts
    counts[NodeKind.address.rawValue] = pools.addresses
    self.counts = counts
    keys = NodeKind.allCases.map { KeyMaker(stream: options.seed.stream(for: "keys of \($0.name)")) }
    rowOrders = NodeKind.allCases.map {
      Shuffle(count: counts[$0.rawValue], stream: options.seed.stream(for: "rows of \($0.name)"))
    }
    streams = Streams(options.seed)
    ringKeys = KeyMaker(stream: options.seed.stream(for: "keys of rings"))
    buyerSalt = options.seed.stream(for: "buyers joining").generator(item: 0).first

    let merchants = merchantCells.count
    let shopSize = options.seed.stream(for: "shop size")
    firstProduct = divide(counts[NodeKind.product.rawValue], among: merchants, atLeast: 1) { merchant in
      var dice = shopSize.generator(item: merchant)
      return exp(0.9 * dice.normal())
    }
    firstAd = divide(counts[NodeKind.ad.rawValue], among: merchants, atLeast: 0) { [plan] merchant in
      var dice = shopSize.generator(item: merchants + merchant)
      let draw = dice.unit()
      if let member = plan.member(ofMerchant: merchant),
        plan.rings[Int(member.ring)].kind.conduct.forbiddenAds > 0
      {
        return 0.6 + draw
      }
      return draw < 0.1 ? draw * 10 : 0
    }
    let activity = options.seed.stream(for: "creator activity")
    firstStream = divide(counts[NodeKind.stream.rawValue], among: creatorCells.count, atLeast: 0) { creator in
      var dice = activity.generator(item: creator)
      return dice.unit() < 0.4 ? exp(dice.normal()) : 0.02
    }
    firstVideo = divide(counts[NodeKind.video.rawValue], among: creatorCells.count, atLeast: 0) { creator in
      var dice = activity.generator(item: creator)
      _ = dice.next()
      return exp(0.8 * dice.normal())
    }
  }

  func count(_ kind: NodeKind) -> Int { counts[kind.rawValue] }

  @inline(__always)
  func key(_ kind: NodeKind, _ rank: Int) -> UInt64 { keys[kind.rawValue][rank] }

  @inline(__always)
  func products(of merchant: Int) -> Range<Int> {
    Int(firstProduct[merchant])..<Int(firstProduct[merchant + 1])
  }
  func ads(of merchant: Int) -> Range<Int> { Int(firstAd[merchant])..<Int(firstAd[merchant + 1]) }
  func streams(of creator: Int) -> Range<Int> { Int(firstStream[creator])..<Int(firstStream[creator + 1]) }
  func videos(of creator: Int) -> Range<Int> { Int(firstVideo[creator])..<Int(firstVideo[creator + 1]) }

  func ring(of member: Member) -> Ring { plan.rings[Int(member.ring)] }

  /// When a buyer joined: a third within the year, the rest in the years before.
  @inline(__always)
  func buyerJoined(_ rank: Int) -> Int64 {
    let place = plan.buyerMember[rank]
    if place != 0 { return plan.members[Int(place) - 1].opened }
    let bits = splitMix(UInt64(truncatingIfNeeded: rank) ^ buyerSalt)
    let draw = fraction(bits)
    let seconds = Int64(fraction(bits >> 32) * 86_400)
    if draw < 0.68 {
      let part = draw / 0.68
      return Calendar.start - Int64(1500 * part * part.squareRoot()) * Calendar.day - seconds - 1
    }
    return Calendar.start + Int64((draw - 0.68) / 0.32 * Double(Calendar.days)) * Calendar.day + seconds
  }
}

/// The seed's streams for what is drawn node by node.
struct Streams: Sendable {
  let merchant: RandomStream
  let merchantEvents: RandomStream
  let merchantRow: RandomStream
  let merchantLabel: RandomStream
  let ringLabel: RandomStream
  let product: RandomStream
  let productRow: RandomStream
  let creator: RandomStream
  let creatorEvents: RandomStream
  let creatorRow: RandomStream
  let buyerEvents: RandomStream
  let buyerRow: RandomStream
  let label: RandomStream
  let stream: RandomStream
  let video: RandomStream
  let device: RandomStream
  let account: RandomStream
  let address: RandomStream
  let ad: RandomStream

  init(_ seed: Seed) {
    merchant = seed.stream(for: "merchant")
    merchantEvents = seed.stream(for: "merchant events")
    merchantRow = seed.stream(for: "merchant row")
    merchantLabel = seed.stream(for: "merchant label")
    ringLabel = seed.stream(for: "ring label")
    product = seed.stream(for: "product")
    productRow = seed.stream(for: "product row")
    creator = seed.stream(for: "creator")
    creatorEvents = seed.stream(for: "creator events")
    creatorRow = seed.stream(for: "creator row")
    buyerEvents = seed.stream(for: "buyer events")
    buyerRow = seed.stream(for: "buyer row")
    label = seed.stream(for: "label")
    stream = seed.stream(for: "stream")
    video = seed.stream(for: "video")
    device = seed.stream(for: "device")
    account = seed.stream(for: "account")
    address = seed.stream(for: "address")
    ad = seed.stream(for: "ad")
  }
}

extension CounterGenerator {
  /// The first number of the stream.
  var first: UInt64 {
    var copy = self
    return copy.next()
  }
}

/// Divides `total` things among owners in proportion to their weights, each at least `atLeast`; `result[i]` is where
/// owner i's begin. Sums in the owners' order, so the same every time.
private func divide(_ total: Int, among owners: Int, atLeast: Int, weight: (Int) -> Double) -> [UInt32] {
  var sum = 0.0
  for owner in 0..<owners { sum += weight(owner) }
  let free = Double(max(0, total - atLeast * owners))
  var starts = [UInt32]()
  starts.reserveCapacity(owners + 1)
  var before = 0.0
  for owner in 0..<owners {
    starts.append(UInt32(min(total, atLeast * owner + Int(free * before / max(sum, 1e-300)))))
    before += weight(owner)
  }
  starts.append(UInt32(total))
  return starts
}

/// The owner of a thing, by where each owner's begin.
func owner(of thing: Int, in starts: [UInt32]) -> Int {
  var low = 0
  var high = starts.count - 2
  while low < high {
    let middle = (low + high + 1) >> 1
    if Int(starts[middle]) <= thing { low = middle } else { high = middle - 1 }
  }
  return low
}
