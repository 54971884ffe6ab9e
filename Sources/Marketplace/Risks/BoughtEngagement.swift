// Bought followers and engagement: a farm of accounts follows whoever pays, in steps of thousands within days; the same
// accounts follow all of the farm's customers.
//
// De Cristofaro et al.: Paying for Likes? Understanding Facebook Like Fraud Using Honeypots (IMC 2014).
// Stringhini et al.: Follow the Green: Growth and Dynamics in Twitter Follower Markets (IMC 2013).

extension Typology {
  static let boughtEngagement: Typology = {
    var it = Typology(
      "bought_engagement", says: "creators buy followers from a farm of accounts",
      source:
        "De Cristofaro et al., Paying for Likes? (IMC 2014); Stringhini et al., Follow the Green (IMC 2013)")
    it.notice = 0.8
    it.crew.creatorShare = 0.045
    it.crew.creators = 8...24
    it.crew.buyers = 40...110
    it.crew.agedBuyers = 0.2
    it.crew.perDevice = 12
    it.conduct.boughtFollows = 0.9
    it.conduct.burstDays = 3
    return it
  }()
}
