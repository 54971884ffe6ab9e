// Review collusion: shops pay for praise through closed groups; real people buy, praise and are paid back outside the
// platform. The same reviewers meet on the same shops again and again, with orders that look real.
//
// Mukherjee, Liu, Glance: Spotting Fake Reviewer Groups in Consumer Reviews (WWW 2012).
// He, Hollenbeck, Proserpio: The Market for Fake Reviews (Marketing Science, 2022).

extension Typology {
  static let reviewCollusion: Typology = {
    var it = Typology(
      "review_collusion", says: "shops pay a group of people for five stars",
      source:
        "Mukherjee et al., Spotting Fake Reviewer Groups (WWW 2012); He et al., The Market for Fake Reviews (2022)"
    )
    it.weight = 0.12
    it.drift = 0.2
    it.notice = 0.7
    it.crew.merchants = 8...16
    it.crew.buyersPerMerchant = 3
    it.crew.agedBuyers = 0.8
    it.crew.perDevice = 4
    it.crew.perAccount = 5
    it.crew.perAddress = 5
    it.trial.rating = 1.6
    it.trial.refund = 0.8
    it.trial.orders = 0.7
    it.trial.unverified = 1.5
    it.trial.price = 0.5
    it.trial.lowDeposit = 0.2
    it.trial.waitDays = 100
    it.conduct.ownOrders = 0.4
    it.conduct.ownReviews = 0.95
    it.conduct.burstDays = 14
    it.conduct.lift = 1.25
    it.conduct.refunds = 1.4
    it.conduct.complaints = 1.5
    it.conduct.stars = -0.3
    it.conduct.complaintReason = .misleading
    return it
  }()
}
