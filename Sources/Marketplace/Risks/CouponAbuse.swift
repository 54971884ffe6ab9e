// Coupon and promotion abuse: shops and a crowd of accounts turn the platform's vouchers into cash; orders at festivals,
// all with a coupon, from accounts that share devices and addresses.
//
// Merchant Risk Council: Global eCommerce Payments and Fraud Report (yearly), on promotion abuse.

extension Typology {
  static let couponAbuse: Typology = {
    var it = Typology(
      "coupon_abuse", says: "vouchers are turned into cash by a shop's own crowd of accounts",
      source: "Merchant Risk Council, Global eCommerce Payments and Fraud Report")
    it.weight = 0.07
    it.drift = 0.1
    it.notice = 0.9
    it.crew.merchants = 4...8
    it.crew.buyersPerMerchant = 6
    it.crew.perDevice = 7
    it.crew.perAccount = 3
    it.crew.perAddress = 8
    it.trial.price = -1.2
    it.trial.orders = 0.9
    it.trial.unverified = 1.6
    it.trial.individual = 1.7
    it.trial.lowDeposit = 0.4
    it.trial.chat = -0.7
    it.trial.waitDays = 45
    it.listing.discount = 0.05
    it.conduct.ownOrders = 0.7
    it.conduct.ownReviews = 0.15
    it.conduct.ownCoupons = 0.9
    it.conduct.burstDays = 4
    return it
  }()
}
