// Drop-ship triangulation: the shop takes the buyer's money, orders the thing elsewhere with a stolen card, and has it
// sent. Buyers are content until the cards' owners object; prices are too good, stock is everything, the shops are young.
// It first appears in the last quarter: no model trained before has seen it.
//
// Krebs: How Carders Can Use eBay as a Virtual ATM (Krebs on Security, 2015).

extension Typology {
  static let triangulation: Typology = {
    var it = Typology(
      "triangulation", says: "sold here, bought elsewhere with a stolen card, sent to the buyer",
      source: "Krebs on Security, How Carders Can Use eBay as a Virtual ATM (2015)")
    it.weight = 0.05
    it.isNew = true
    it.notice = 1.1
    it.crew.merchants = 4...9
    it.crew.perAccount = 3
    it.crew.perAddress = 2
    it.trial.price = -1.3
    it.trial.unverified = 1.7
    it.trial.late = 0.8
    it.trial.lowDeposit = 0.3
    it.trial.waitDays = 40
    it.listing.price = -0.35
    it.conduct.lift = 1.2
    it.conduct.refunds = 1.3
    it.conduct.complaints = 3
    it.conduct.complaintReason = .unauthorized
    it.conduct.refundReason = .unauthorized
    return it
  }()
}
