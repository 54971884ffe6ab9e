import Arguments
import Testing

@Suite("Help")
struct HelpTests {
  @Test("of a command, word for word at 60 columns")
  func command() {
    #expect(
      painter.help(for: ["paint"], width: 60) == """
        Paints things.

        Usage: painter paint <thing> [<more> …] [options]

        Paint dries while you wait.

        Arguments:
          <thing>  What to paint.
          <more>   More things.

        Options:
          --colour red|green|blue  The colour. (default: green)
          -c, --coats N            How many coats. (default: 2)
          --size SIZE              How large the bucket is.
          --only TEXT              Only these sides. May be
                                   repeated, or be a comma list.
          --ladder                 Use a ladder.
          --lift                   Use a lift.

        Options of every command:
          -q, --quiet  Say nothing.
          -h, --help   Show this help.

        Examples:
          painter paint wall --colour red
              Paints the wall red.

        """)
  }

  @Test("of a group and of the program, word for word")
  func groups() {
    #expect(
      painter.help(for: ["shop"], width: 60).hasPrefix(
        """
        Looks after the shop.

        Usage: painter shop <command> [options]

        Commands:
          open   Opens the shop.
          close  Closes the shop.

        """))
    #expect(
      painter.help(for: [], width: 60) == """
        Paints.

        Usage: painter <command> [options] …

        Commands:
          paint  Paints things.
          shop   Looks after the shop.

        Options of every command:
          -q, --quiet  Say nothing.
          -h, --help   Show this help.

        painter <command> --help tells more, with an example.

        """)
  }

  @Test("is never wider than the terminal", arguments: [40, 60, 80, 200])
  func width(_ columns: Int) {
    for line in painter.help(for: ["paint"], width: columns).split(separator: "\n") {
      #expect(line.count <= columns, "\(line)")
    }
  }

  @Test("completion scripts name every command and option, for each shell", arguments: Shell.allCases)
  func completions(shell: Shell) {
    let script = painter.completions(for: shell)
    for word in ["paint", "shop", "close", "hour", "ladder", "quiet", "red"] {
      #expect(script.contains(word), "\(shell) lacks \(word)")
    }
  }
}
