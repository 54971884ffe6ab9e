import Arguments
import Testing

@Suite("Values of parameters")
struct ValueTests {
  @Test(
    "whole numbers may end in k, m and g",
    arguments: [("12", 12), ("-3", -3), ("20k", 20_000), ("1.5m", 1_500_000), ("2G", 2_000_000_000)])
  func whole(text: String, number: Int) throws {
    #expect(try Int(argument: text) == number)
  }

  @Test(
    "what is no whole number is refused",
    arguments: ["", "x", "1.5", "1.0001k", "9999999999999999999", "1e400m", "k", "0x10", "1 2", "nan", "1kk"])
  func notWhole(text: String) {
    #expect(throws: ValueMistake.self) { try Int(argument: text) }
  }

  @Test(
    "sizes count in thousands, or in 1024s where they say so",
    arguments: [
      ("4096", 4096), ("500M", 500_000_000), ("1.5GiB", 1_610_612_736), ("2kb", 2000), ("0", 0),
      ("1 TiB", 1 << 40),
    ])
  func sizes(text: String, bytes: Int) throws {
    #expect(try ByteSize(argument: text).bytes == bytes)
  }

  @Test("what is no size is refused", arguments: ["", "-1", "1.5 parsecs", "1e40G", "G", "inf"])
  func notSizes(text: String) {
    #expect(throws: ValueMistake.self) { try ByteSize(argument: text) }
  }

  @Test("numbers are finite", arguments: ["nan", "inf", "1e999", "", "one"])
  func notNumbers(text: String) {
    #expect(throws: ValueMistake.self) { try Double(argument: text) }
  }
}
