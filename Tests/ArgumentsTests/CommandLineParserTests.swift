import Arguments
import Testing

/// A program with one of everything.
struct Paint: CommandSyntax {
  enum Colour: String, CaseIterable, ArgumentValue { case red, green, blue }

  let name = "paint"
  let summary = "Paints things."
  let discussion = "Paint dries while you wait."
  let examples = [Example("paint wall --colour red", "Paints the wall red.")]

  let thing = Positional<String>("thing", "What to paint.")
  let others = Positional<[String]>("more", "More things.")
  let colour = Option("colour", "The colour.", default: Colour.green)
  let coats = Option("coats", "How many coats.", short: "c", default: 2, accepts: within(1...9))
  let size = Option<ByteSize?>("size", "How large the bucket is.")
  let only = Option<[String]>("only", "Only these sides.")
  let ladder = Flag("ladder", "Use a ladder.")
  let lift = Flag("lift", "Use a lift.")
  var rules: [Rule] { [.atMostOne(ladder, lift)] }
}

struct Shop: CommandSyntax {
  struct Open: CommandSyntax {
    let name = "open"
    let summary = "Opens the shop."
    let hour = Option<Int>("hour", "When.")
  }
  struct Close: CommandSyntax {
    let name = "close"
    let summary = "Closes the shop."
  }
  let name = "shop"
  let summary = "Looks after the shop."
  var subcommands: [any CommandSyntax] { [Open(), Close()] }
}

let quiet = Flag("quiet", "Say nothing.", short: "q")
let painter = CommandLineParser(
  program: "painter", summary: "Paints.", commands: [Paint(), Shop()], globals: [quiet])

@Suite("The command-line parser")
struct CommandLineParserTests {
  let paint = Paint()

  /// What a command line gives a command.
  func input(_ words: String...) throws -> Input {
    guard case .run(_, _, let input) = try painter.parse(words) else { throw Absent() }
    return input
  }
  struct Absent: Error {}

  func mistake(_ words: String...) -> UsageError? {
    do throws(UsageError) {
      _ = try painter.parse(words)
      return nil
    } catch { return error }
  }

  @Test("values have the types that were declared, and defaults where nothing was said")
  func values() throws {
    let given = try input("paint", "wall", "--colour", "red", "--coats=3", "--ladder", "door", "gate")
    #expect(given[paint.thing] == "wall")
    #expect(given[paint.others] == ["door", "gate"])
    #expect(given[paint.colour] == .red)
    #expect(given[paint.coats] == 3)
    #expect(given[paint.size] == nil)
    #expect(given[paint.ladder] && !given[paint.lift])
    let plain = try input("paint", "wall")
    #expect(plain[paint.colour] == .green)
    #expect(plain[paint.coats] == 2)
    #expect(plain.wasGiven(paint.thing) && !plain.wasGiven(paint.coats))
  }

  @Test("a list is repeated, or written with commas, or both")
  func lists() throws {
    #expect(try input("paint", "wall", "--only", "a,b", "--only=c")[paint.only] == ["a", "b", "c"])
    #expect(try input("paint", "wall")[paint.only] == [])
  }

  @Test("after two dashes everything is an argument; a lone dash and negative numbers always are")
  func dashes() throws {
    #expect(try input("paint", "--", "--ladder", "-q")[paint.thing] == "--ladder")
    #expect(try input("paint", "-", "-5")[paint.others] == ["-5"])
  }

  @Test("the program's own options stand before or behind the command, short or long")
  func globals() throws {
    #expect(try input("-q", "paint", "wall")[quiet])
    #expect(try input("paint", "wall", "--quiet")[quiet])
    #expect(try !input("paint", "wall")[quiet])
    #expect(try input("paint", "wall", "-c", "4")[paint.coats] == 4)
  }

  @Test("an option's value may be empty or start with a dash when it is tied by an equals sign")
  func tiedValues() throws {
    #expect(try input("paint", "wall", "--only=--x")[paint.only] == ["--x"])
    #expect(mistake("paint", "wall", "--coats", "--ladder") == .missingValue("--coats", placeholder: "N"))
    #expect(mistake("paint", "wall", "--ladder=yes") == .unwantedValue("--ladder"))
  }

  @Test(
    "mistakes say what is wrong and what was probably meant",
    arguments: [
      (["piant"], "painter has no command \"piant\". Did you mean paint?"),
      (["shop", "clsoe"], "painter shop has no command \"clsoe\". Did you mean close?"),
      (["paint", "wall", "--color", "red"], "painter paint has no option --color. Did you mean --colour?"),
      (["paint"], "painter paint needs <thing>."),
      (["shop", "open"], "painter shop open needs --hour N."),
      (["shop", "close", "now"], "painter shop close takes no further argument: \"now\"."),
      (
        ["paint", "wall", "--colour", "gren"],
        "--colour is \"gren\", which is none of red, green and blue. Did you mean green?"
      ),
      (["paint", "wall", "--coats", "two"], "--coats is \"two\", which is not a whole number."),
      (["paint", "wall", "--coats", "12"], "--coats is \"12\", which is not within 1 to 9."),
      (["paint", "wall", "--coats"], "--coats needs a value: --coats N."),
      (["paint", "wall", "-c", "1", "--coats", "2"], "--coats may be given only once."),
      (["paint", "wall", "--ladder", "--lift"], "--ladder and --lift exclude each other: give one of them."),
      (
        ["paint", "wall", "--size", "huge"],
        "--size is \"huge\", which is not a size; write it like 500MB or 1.5GiB."
      ),
      (["\u{1B}[31m"], "painter has no command \"\\u{1B}[31m\"."),
    ])
  func mistakes(words: [String], message: String) {
    do throws(UsageError) {
      _ = try painter.parse(words)
      Issue.record("it was taken")
    } catch { #expect(error.description == message) }
  }

  @Test("whoever asks for help gets it, whatever else is wrong with the line")
  func asksForHelp() throws {
    for words in [["--help"], ["help"], []] {
      guard case .help(let path, _) = try painter.parse(words) else { throw Absent() }
      #expect(path == [])
    }
    for words in [["paint", "--help"], ["help", "paint"], ["paint", "-h", "--coats", "1"]] {
      guard case .help(let path, _) = try painter.parse(words) else { throw Absent() }
      #expect(path == ["paint"])
    }
    guard case .help(let path, _) = try painter.parse(["shop"]) else { throw Absent() }
    #expect(path == ["shop"])
  }
}
