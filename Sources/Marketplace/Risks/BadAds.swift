// Policy-breaking ads that lead to risky products: claims that no platform allows, many short campaigns from accounts
// that share a payment account, and goods that do not do what the ad says.
//
// Zarras et al.: The Dark Alleys of Madison Avenue: Understanding Malicious Advertisements (IMC 2014).

extension Typology {
  static let badAds: Typology = {
    var it = Typology(
      "bad_ads", says: "forbidden claims lead to goods that do not hold them",
      source: "Zarras et al., The Dark Alleys of Madison Avenue (IMC 2014)")
    it.weight = 0.06
    it.drift = 0.3
    it.notice = 1.1
    it.crew.merchants = 4...9
    it.crew.perAccount = 4
    it.trial.refund = 1.0
    it.trial.dispute = 1.2
    it.trial.price = 1.0
    it.trial.chat = -0.7
    it.trial.lowDeposit = 0.2
    it.trial.waitDays = 60
    it.listing.evasive = 0.15
    it.conduct.lift = 1.2
    it.conduct.refunds = 2.3
    it.conduct.complaints = 3.2
    it.conduct.stars = -0.6
    it.conduct.refundReason = .notAsDescribed
    it.conduct.complaintReason = .misleading
    it.conduct.forbiddenAds = 0.7
    return it
  }()
}
