// Hijacked accounts and listing swaps: a good shop's password is bought; a strange device logs in, the payment account is
// changed, listings keep their stars but become other things ("review hijacking"), and nothing is delivered.
//
// Thomas et al.: Data Breaches, Phishing, or Malware? Understanding the Risks of Stolen Credentials (CCS 2017).
// Federal Trade Commission, In the Matter of The Bountiful Company (2023), on review hijacking.

extension Typology {
  static let hijacked: Typology = {
    var it = Typology(
      "hijacked", says: "a good shop's account is taken over and its listings are swapped",
      source: "Thomas et al., Risks of Stolen Credentials (CCS 2017); FTC, The Bountiful Company (2023)")
    it.weight = 0.08
    it.drift = 0.4
    it.notice = 1.5
    it.crew.merchants = 3...8
    it.crew.perDevice = 5
    it.crew.perAccount = 4
    it.crew.perAddress = 8
    it.crew.takesOver = true
    it.conduct.refunds = 2.6
    it.conduct.complaints = 4
    it.conduct.stars = -1.2
    it.conduct.refundReason = .notReceived
    it.conduct.complaintReason = .notReceived
    it.conduct.edits = 2
    it.conduct.newDevice = true
    it.conduct.newAccount = true
    return it
  }()
}
