/// A stage of `bench pipeline`: commands as a user types them, in a folder of their own.
///
///     PipelineStage.all(nodes: 170_000, target: "merchant", model: "trees", seed: 7).map(\.name)   // generate, import, project, …
struct PipelineStage: Sendable {
  let name: String
  /// Their times add up; the memory is that of the one that held most.
  let commands: [[String]]
  /// A figure of the last command's JSON that is worth showing: its name in the table, and where it stands.
  var figure: (name: String, path: [String])?

  /// Everything but generating and importing sees the market as it was known then.
  static let asOf = "2026-06-01"
  static let sharing = "merchant-device|account|address-merchant"

  static func all(nodes: Int, target: String, model: String, seed: Int) -> [PipelineStage] {
    [
      PipelineStage(
        name: "generate", commands: [["generate", "tables", "--nodes", "\(nodes)", "--seed", "\(seed)"]]),
      PipelineStage(
        name: "import",
        commands: [
          ["init", "market.rg", "--schema", "tables/schema.json"], ["import", "market.rg", "tables"],
        ]
      ),
      PipelineStage(
        name: "project", commands: [["components", "market.rg", "--on", sharing, "--as-of", asOf]],
        figure: ("components", ["components"])),
      PipelineStage(
        name: "communities", commands: [["communities", "market.rg", "--as-of", asOf]]),
      PipelineStage(
        name: "train",
        commands: [["train", "market.rg", "--target", target, "--model", model, "--as-of", asOf]],
        figure: ("AUROC", ["metrics", "AUROC", "value"])),
      PipelineStage(
        name: "flag",
        commands: [
          ["flag", "market.rg", "--target", target, "--model", "\(target)/\(model)", "--as-of", asOf]
        ], figure: ("candidates", ["candidates"])),
    ]
  }
}
