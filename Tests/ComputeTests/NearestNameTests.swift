import Compute
import Testing

@Suite("The nearest name") struct NearestNameTests {
  @Test(
    "a slip of the finger is understood",
    arguments: [
      ("merchnat", "merchant"), ("Merchant", "merchant"), ("mrchant", "merchant"), ("merchants", "merchant"),
      ("prduct", "product"), ("devcie", "device"), ("pay", "payment_account"),
    ])
  func slips(typed: String, meant: String) {
    #expect(nearestName(to: typed, among: ["device", "merchant", "product", "payment_account"]) == meant)
  }

  @Test("what resembles nothing gets no suggestion") func nothingNear() {
    #expect(nearestName(to: "zebra", among: ["merchant", "product"]) == nil)
    #expect(nearestName(to: "x", among: []) == nil)
    #expect(nearestName(to: "", among: ["merchant"]) == nil)
  }

  @Test("of two equally near the first is named") func ties() {
    #expect(nearestName(to: "cat", among: ["bat", "hat"]) == "bat")
  }
}
