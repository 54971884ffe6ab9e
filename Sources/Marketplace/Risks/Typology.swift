// What a kind of risk looks like, in numbers that the generator reads.
//
// Each typology is one file beside this one: its parameters, and the public source that describes the behaviour. The
// generator knows no typology by name; it draws rings of the sizes said here and lets their members act as said here.

/// One kind of risk.
public struct Typology: Sendable {
  /// The name in tables and on the command line.
  public var name: String
  /// What it is, in a sentence.
  public var says: String
  /// The public source that describes it.
  public var source: String
  /// Whether it is fraud, or merely harm (a shop that sells badly made things).
  public var isFraud = true

  /// Its share of the risky merchants.
  var weight = 0.0
  /// How its share changes over the year: +1 doubles it, -1 ends it.
  var drift = 0.0
  /// Whether nobody saw it before the last quarter.
  var isNew = false
  /// How readily it is noticed, beside the others' 1.
  var notice = 1.0

  var crew = Crew()
  var trial = TrialShift()
  var listing = ListingShift()
  var conduct = Conduct()

  init(_ name: String, says: String, source: String) {
    self.name = name
    self.says = says
    self.source = source
  }

  public static let all: [Typology] = [
    .brushing, .reviewCollusion, .counterfeit, .phoenix, .hijacked, .baitAndSwitch, .couponAbuse,
    .refundAbuse,
    .lowQuality, .boughtEngagement, .triangulation, .badAds,
  ]

  /// Innocent things that look like risks from afar; in the truth by these names, as not risky.
  static let lookAlikes = ["flash_sale", "bad_batch", "service_agency", "creator_agency", "celebrity"]
}

/// Who is in a ring, and what they share.
struct Crew: Sendable {
  /// Merchants in a ring; 0 where merchants are not the culprits.
  var merchants = 0...0
  var buyersPerMerchant = 0.0
  var creators = 0...0
  /// Rings without culprit merchants: the share of buyers, and of creators, who are in one (at the usual risk rate).
  var buyerShare = 0.0
  var creatorShare = 0.0
  var buyers = 0...0
  /// Merchants who suffer from a ring.
  var victims = 0...0
  /// The share of the ring's buyer accounts that are old ones.
  var agedBuyers = 0.3
  /// Whether its members share anything.
  var shares = true
  /// How many take turns on one device, one payment account, one address.
  var perDevice = 4.0
  var perAccount = 3.0
  var perAddress = 3.0
  /// Whether its merchants are old and were honest until then.
  var takesOver = false
  /// Whether a banned merchant comes back under a new name.
  var comesBack = false
}

/// How a risky merchant's trial weeks differ from an honest one's, in standard deviations of the honest.
struct TrialShift: Sendable {
  var rating = 0.0
  var late = 0.0
  var refund = 0.0
  var dispute = 0.0
  var chat = 0.0
  var price = 0.0
  /// Trial orders, and how much likelier the lowest deposit is.
  var orders = 0.0
  var lowDeposit = 0.0
  /// How many times likelier it is not to be verified.
  var unverified = 1.0
  /// How many times likelier it is to be a private person's.
  var individual = 1.0
  /// Days between opening and the first deeds, for the clumsy.
  var waitDays = 90.0
}

/// How a risky merchant's listings differ.
struct ListingShift: Sendable {
  /// Added to the logarithm of prices.
  var price = 0.0
  /// Added to the share by which the list price is struck through.
  var discount = 0.0
  /// The chance that a listing names a brand.
  var brand = 0.0
  /// The chance of a phrase that evades or breaks rules.
  var evasive = 0.0
}

/// What a risky merchant, or what is done to it, shows in the events after the start.
struct Conduct: Sendable {
  /// Orders by the ring's own buyers, as a share of the honest ones.
  var ownOrders = 0.0
  var ownReviews = 0.0
  var ownRefunds = 0.0
  var ownCoupons = 0.0
  /// How the ring's own orders are gathered in bursts: days a burst lasts; 0 for spread out.
  var burstDays = 0.0
  /// How many times the honest orders, their refunds and complaints.
  var lift = 1.0
  var refunds = 1.0
  var complaints = 1.0
  /// Added to honest buyers' stars.
  var stars = 0.0
  var refundReason = RefundReason.changedMind
  var complaintReason = ComplaintReason.quality
  /// Edits of listings a product, soon after the start.
  var edits = 0.0
  /// The share of the ring creators' promotions that go to the ring's products.
  var promotion = 0.0
  /// Advertisements with claims that rules forbid.
  var forbiddenAds = 0.0
  /// Whether the merchant logs in from a strange device, and is paid to a new account, from the start on.
  var newDevice = false
  var newAccount = false
  /// Followers bought, as a share of the honest ones.
  var boughtFollows = 0.0
}

enum RefundReason: Int, CaseIterable, Sendable {
  case changedMind, damaged, notAsDescribed, notReceived, counterfeit, late, unauthorized
  var name: String {
    ["changed_mind", "damaged", "not_as_described", "not_received", "counterfeit", "late", "unauthorized"][
      rawValue]
  }
}

enum ComplaintReason: Int, CaseIterable, Sendable {
  case quality, late, notReceived, counterfeit, misleading, spam, unauthorized, rude
  var name: String {
    ["quality", "late", "not_received", "counterfeit", "misleading", "spam", "unauthorized", "rude"][rawValue]
  }
}
