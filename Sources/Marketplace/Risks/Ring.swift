/// A group that acts together, as it really is.
struct Ring: Sendable {
  /// Its place in `Typology.all`.
  var typology: Int
  /// 0 clumsy to 1 skilled: the skilled age their accounts, spread their devices and hide among honest orders.
  var skill: Double
  var start: Int64
  var end: Int64
  var country: Int
  var merchants: [Int32] = []
  var creators: [Int32] = []
  var buyers: [Int32] = []
  /// The places of its own devices, accounts and addresses among those of all rings.
  var devices = 0..<0
  var accounts = 0..<0
  var addresses = 0..<0

  var kind: Typology { Typology.all[typology] }

  /// How much of a typology's signs it shows: 1 for the clumsiest, 0.4 for the most skilled.
  var openness: Double { 1 - 0.6 * skill }

  func isActive(at instant: Int64) -> Bool { instant >= start && instant < end }
}

/// One node's part in a ring.
struct Member: Sendable {
  enum Role: Int, Sendable, CaseIterable {
    case culprit, predecessor, promoter, customer, shill, abuser, bot, victim
    var isRisky: Bool { self != .victim }
  }
  var ring: Int32
  /// Its place among the ring's merchants, creators or buyers.
  var slot: Int32
  var role: Role
  var start: Int64
  var end: Int64
  /// When it joined the platform.
  var opened: Int64
}
