// Phoenix merchants: who was banned comes back under a new name, with an old device, account or address.
//
// Australian Taxation Office: Illegal phoenix activity. PwC for the Phoenix Taskforce: The Economic Impacts of Potential
// Illegal Phoenix Activity (2018).

extension Typology {
  static let phoenix: Typology = {
    var it = Typology(
      "phoenix", says: "a banned merchant is back under a new name",
      source:
        "Australian Taxation Office, Illegal phoenix activity; PwC, Economic Impacts of Phoenix Activity (2018)"
    )
    it.weight = 0.09
    it.drift = 0.2
    it.notice = 1.2
    it.crew.merchants = 2...3
    it.crew.perDevice = 3
    it.crew.perAccount = 3
    it.crew.perAddress = 3
    it.crew.comesBack = true
    it.trial.refund = 1.1
    it.trial.late = 1.3
    it.trial.orders = -0.6
    it.trial.unverified = 1.7
    it.trial.individual = 1.5
    it.trial.lowDeposit = 0.4
    it.trial.waitDays = 25
    it.listing.price = -0.15
    it.conduct.refunds = 1.9
    it.conduct.complaints = 2.6
    it.conduct.stars = -0.6
    it.conduct.refundReason = .notAsDescribed
    it.conduct.complaintReason = .notReceived
    return it
  }()
}
