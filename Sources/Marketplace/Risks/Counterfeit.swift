// Counterfeit rings: several shops of one supplier sell copies of brands well below their price, with creators who send
// viewers there. Listings say it without saying it; shops are replaced when one is closed.
//
// OECD/EUIPO: Misuse of E-Commerce for Trade in Counterfeits (2021); Global Trade in Fakes: A Worrying Threat (2021).

extension Typology {
  static let counterfeit: Typology = {
    var it = Typology(
      "counterfeit", says: "shops of one supplier sell copies of brands",
      source: "OECD/EUIPO, Misuse of E-Commerce for Trade in Counterfeits (2021)")
    it.weight = 0.15
    it.drift = 0.3
    it.notice = 1.3
    it.crew.merchants = 6...13
    it.crew.creators = 1...4
    it.crew.perAccount = 4
    it.crew.perAddress = 6
    it.trial.refund = 1.2
    it.trial.dispute = 1.2
    it.trial.price = -1.2
    it.trial.unverified = 1.9
    it.trial.lowDeposit = 0.3
    it.trial.waitDays = 50
    it.listing.price = -0.45
    it.listing.discount = 0.12
    it.listing.brand = 0.3
    it.listing.evasive = 0.3
    it.conduct.refunds = 2.4
    it.conduct.complaints = 3.4
    it.conduct.stars = -0.8
    it.conduct.refundReason = .counterfeit
    it.conduct.complaintReason = .counterfeit
    it.conduct.promotion = 0.5
    return it
  }()
}
