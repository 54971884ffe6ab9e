// Live-stream bait and switch: what is shown in the stream is not what comes. Hosts and shops work together; the streams
// feature the same few shops; complaints say "misleading" and come late.
//
// Federal Trade Commission: Guides Against Bait Advertising, 16 CFR Part 238.

extension Typology {
  static let baitAndSwitch: Typology = {
    var it = Typology(
      "bait_switch", says: "what the live stream shows is not what is sent",
      source: "FTC, Guides Against Bait Advertising (16 CFR 238)")
    it.weight = 0.1
    it.drift = 0.5
    it.notice = 1.2
    it.crew.merchants = 4...9
    it.crew.creators = 2...6
    it.crew.perAccount = 3
    it.trial.refund = 1.2
    it.trial.dispute = 0.9
    it.trial.price = -0.9
    it.trial.chat = -1.1
    it.trial.lowDeposit = 0.2
    it.trial.waitDays = 70
    it.listing.discount = 0.18
    it.conduct.lift = 1.3
    it.conduct.refunds = 2.6
    it.conduct.complaints = 3.4
    it.conduct.stars = -1.0
    it.conduct.refundReason = .notAsDescribed
    it.conduct.complaintReason = .misleading
    it.conduct.promotion = 0.7
    return it
  }()
}
