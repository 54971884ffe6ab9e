// Refund abuse: buyers who say that the parcel was empty or never came, some alone, some organised. Their merchants are
// victims: their refunds rise, and they have done nothing.
//
// Appriss Retail and National Retail Federation: Consumer Returns in the Retail Industry (yearly).
// Merchant Risk Council: Global eCommerce Payments and Fraud Report (yearly), on refund abuse.

extension Typology {
  static let refundAbuse: Typology = {
    var it = Typology(
      "refund_abuse", says: "buyers claim refunds for what they got; the merchants are victims",
      source: "Appriss Retail and NRF, Consumer Returns in the Retail Industry")
    it.notice = 0.8
    it.drift = 0.3
    it.crew.buyerShare = 0.004
    it.crew.buyers = 12...36
    it.crew.victims = 3...7
    it.crew.agedBuyers = 0.7
    it.crew.perDevice = 5
    it.crew.perAddress = 6
    it.conduct.ownOrders = 0.3
    it.conduct.ownRefunds = 0.65
    it.conduct.ownReviews = 0.1
    it.conduct.refundReason = .notReceived
    return it
  }()
}
