import Arguments

/// All commands, in the order in which help lists them. A new command is a file in `Commands/` and a line here.
enum Registry {
  static let store: [any CommandSyntax] = [
    GenerateCommand(),
    InitCommand(),
    ImportCommand(),
    AppendCommand(),
    CompactCommand(),
    InfoCommand(),
    CheckCommand(),
    ExportCommand(),
    ForgetCommand(),
  ]

  static let graph: [any CommandSyntax] = [
    NeighborsCommand(),
    ComponentsCommand(),
    PageRankCommand(),
    CoresCommand(),
    CommunitiesCommand(),
  ]

  static let learning: [any CommandSyntax] = [
    ExamplesCommand(),
    FeaturesCommand(),
    TrainCommand(),
    EvaluateCommand(),
    CompareCommand(),
    ScoreCommand(),
    ModelsCommand(),
  ]

  static let governance: [any CommandSyntax] = [
    FlagCommand(),
    ExplainCommand(),
    CapacityCommand(),
    ImpactCommand(),
    ReviewCommand(),
    RulesCommand(),
    ReplayCommand(),
    AuditCommand(),
    WatchCommand(),
    ReportCommand(),
  ]

  static let machine: [any CommandSyntax] = [
    DoctorCommand(),
    BenchCommand(),
    CompletionsCommand(),
    VersionCommand(),
  ]

  /// What `riskgraph bench` can measure: a file in `Bench/` and a line here.
  static let benches: [any CommandSyntax] = [
    BenchMachine(),
    BenchCSR(),
    BenchStore(),
    BenchGenerate(),
    BenchSpMM(),
    BenchGEMM(),
    BenchGCN(),
    BenchSample(),
    BenchTrees(),
    BenchCommunities(),
    BenchDenseBlocks(),
    BenchRings(),
    BenchFeatures(),
    BenchPipeline(),
    BenchRatios(),
  ]

  static let parser = CommandLineParser(
    program: "riskgraph",
    summary: "Turns a marketplace's tables into a graph, and finds who and which groups in it are risky.",
    commands: store + graph + learning + governance + machine,
    groups: [
      ("From tables to a stored graph", store.map(\.name)),
      ("Looking into the graph", graph.map(\.name)),
      ("Learning who is risky", learning.map(\.name)),
      ("From scores to decisions", governance.map(\.name)),
      ("This program and this machine", machine.map(\.name)),
    ],
    globals: Globals.all)
}

extension CommandLineParser {
  /// The longest path of command names that the words begin with, options aside: where to point for help.
  func pathNamed(in words: [String]) -> [String] {
    var path: [String] = []
    for word in words where !word.hasPrefix("-") {
      guard command(at: path + [word]) != nil else { break }
      path.append(word)
    }
    return path
  }
}
