// Plain low quality: late, defective, cancelled. Not fraud and not a ring, but a harm to buyers that governance acts on.
//
// Akerlof: The Market for "Lemons" (1970). Federal Trade Commission: Mail, Internet, or Telephone Order Merchandise Rule,
// 16 CFR Part 435, on late shipment.

extension Typology {
  static let lowQuality: Typology = {
    var it = Typology(
      "low_quality", says: "late, defective, cancelled, without intent",
      source: "Akerlof, The Market for Lemons (1970); FTC, 16 CFR 435")
    it.isFraud = false
    it.weight = 0.12
    it.notice = 1
    it.crew.merchants = 1...1
    it.crew.shares = false
    it.trial.rating = -1.5
    it.trial.late = 1.7
    it.trial.refund = 1.3
    it.trial.dispute = 1.0
    it.trial.chat = -1.1
    it.trial.waitDays = 200
    it.conduct.refunds = 3
    it.conduct.complaints = 4.5
    it.conduct.stars = -1.1
    it.conduct.refundReason = .damaged
    it.conduct.complaintReason = .quality
    return it
  }()
}
