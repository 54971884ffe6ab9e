// Brushing farms: a shop buys from itself through accounts that a farm runs, so that its sales and stars rise. Parcels
// are empty or go to strangers. Orders come in campaigns, at prices at the low end, nearly all of them reviewed.
//
// Xu, Liu, Wang, Stavrou: E-commerce Reputation Manipulation: The Emergence of Reputation-Escalation-as-a-Service
// (WWW 2015). United States Postal Inspection Service: Brushing Scam.

extension Typology {
  static let brushing: Typology = {
    var it = Typology(
      "brushing", says: "a shop buys from itself through a farm's buyer accounts",
      source: "Xu et al., Reputation-Escalation-as-a-Service (WWW 2015); USPIS, Brushing Scam")
    it.weight = 0.16
    it.drift = -0.3
    it.notice = 0.9
    it.crew.merchants = 8...16
    it.crew.buyersPerMerchant = 4
    it.crew.perDevice = 6
    it.crew.perAccount = 4
    it.crew.perAddress = 4
    it.trial.rating = 1.3
    it.trial.chat = -0.8
    it.trial.price = -1.0
    it.trial.orders = 0.9
    it.trial.unverified = 1.9
    it.trial.individual = 1.6
    it.trial.lowDeposit = 0.25
    it.trial.waitDays = 60
    it.listing.price = -0.25
    it.listing.discount = 0.08
    it.conduct.ownOrders = 0.6
    it.conduct.ownReviews = 0.8
    it.conduct.burstDays = 6
    it.conduct.lift = 1.15
    it.conduct.refunds = 1.2
    it.conduct.complaints = 1.3
    return it
  }()
}
