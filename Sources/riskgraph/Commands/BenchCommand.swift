import Arguments

struct BenchCommand: CommandGroup {
  let name = "bench"
  let summary = "Measures one part of the program, with the machine's own limit beside each figure."
  let discussion = """
    Every figure is the median of repeated runs after one that does not count, with the fastest and the slowest beside it. \
    Measure on a machine that has nothing else to do.
    """
  let examples = [Example("bench machine --json", "What memory and processor reach at most, as JSON.")]
  var subcommands: [any CommandSyntax] { Registry.benches }
}
