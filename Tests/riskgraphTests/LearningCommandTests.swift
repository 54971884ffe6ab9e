import Foundation
import Testing

/// Train, judge, score and keep models, run end to end on a small generated market.
@Suite("Commands that learn")
struct LearningCommandTests {
  /// A store of a generated market, and its tables with the truth.
  static func market(
    _ words: String...
  ) throws -> (folder: TemporaryFolder, store: String) {
    let folder = try TemporaryFolder()
    let store = folder.path + "/shop.rg"
    for line in [
      ["generate", folder.path + "/out", "--scale", "small", "--seed", "3", "--quiet"] + words,
      ["init", store, "--schema", folder.path + "/out/schema.json"],
      ["import", store, folder.path + "/out", "--quiet"],
    ] {
      let run = try Program.run(line)
      try #require(run.status == 0, "\(run.errors)")
    }
    return (folder, store)
  }

  @Test("train, evaluate by labels and by the truth, promote, score into a table, remove")
  func wholeWay() throws {
    let (folder, store) = try Self.market("--risk-rate", "0.3", "--label-coverage", "1")
    let trained = try Program.run(
      "train", store, "--target", "merchant", "--model", "logistic", "--hops", "1", "--as-of", "2026-06-01",
      "--json", "--quiet")
    #expect(trained.status == 0, "\(trained.errors)")
    #expect((trained.json?["metrics"] as? [String: Any])?["AUPRC"] != nil)
    #expect((trained.json?["graphAdds"] as? [String: Any])?["AUPRC"] != nil)
    #expect(trained.json?["leaks"] is [Any])

    var seen: [[String: Any]] = []
    for by in [[], ["--truth", folder.path + "/out/truth"]] {
      let run = try Program.run(
        [
          "evaluate", store, "--model", "merchant/logistic", "--from", "2026-06-01", "--to", "2026-09-01",
          "--json",
        ]
          + by)
      #expect(run.status == 0, "\(run.errors)")
      let json = try #require(run.json)
      let metrics = try #require(json["metrics"] as? [String: Any])
      for name in ["AUROC", "AUPRC", "recall at 5 % reviewed", "Brier score", "calibration error"] {
        let interval = try #require(metrics[name] as? [String: Double], "\(name)")
        #expect(
          interval["low"]! <= interval["value"]! + 1e-9 && interval["value"]! <= interval["high"]! + 1e-9)
      }
      #expect(
        (json["months"] as? [[String: Any]])?.compactMap { $0["value"] as? String }
          == ["2026-06-01", "2026-07-01", "2026-08-01"])
      seen.append(json)
    }
    let parts = seen.map { ($0["parts"] as? [[String: Any]] ?? []).compactMap { $0["by"] as? String } }
    #expect(!parts[0].contains("kind of risk") && parts[1].contains("kind of risk"))
    #expect(Set(parts[0]).isSuperset(of: ["category", "country", "age"]))
    let early = try Program.run(
      "evaluate", store, "--model", "merchant/logistic", "--from", "2026-03-01", "--to", "2026-09-01")
    #expect(early.status == 1 && early.errors.contains("Give --from 2026-06-01 or later"), "\(early.errors)")

    let compared = try Program.run(
      "compare", store, "--target", "merchant", "--models", "logistic,trees", "--seeds", "2", "--hops", "1",
      "--as-of", "2026-06-01", "--out", folder.path + "/curves", "--json", "--quiet")
    #expect(compared.status == 0, "\(compared.errors)")
    let rows = try #require(compared.json?["models"] as? [[String: Any]])
    #expect(rows.compactMap { $0["model"] as? String } == ["logistic", "trees"])
    #expect(rows.allSatisfy { ($0["AUPRC"] as? [String: Double])?["spread"] != nil })
    for name in ["roc", "precision-recall", "calibration"] {
      let text = try folder.text("curves/\(name).svg")
      #expect(text.hasPrefix("<svg") && text.contains("trees"))
    }

    #expect(try Program.run("score", store).errors.contains("say which with --model"))
    #expect(try Program.run("models", store, "--promote", "merchant/logistic").status == 0)
    for ending in ["parquet", "csv", "jsonl"] {
      let run = try Program.run("score", store, "--out", folder.path + "/scores.\(ending)", "--json")
      #expect(run.json?["model"] as? String == "merchant/logistic", "\(run.errors)")
    }
    let lines = try folder.text("scores.csv").split(separator: "\n")
    #expect(lines[0] == "key,score,rank")
    let scores = lines.dropFirst().compactMap { Double($0.split(separator: ",")[1]) }
    #expect(scores == scores.sorted(by: >) && scores.count == lines.count - 1)
    #expect(try folder.text("scores.jsonl").split(separator: "\n").count == scores.count)
    #expect(try folder.text("scores.parquet").hasPrefix("PAR1"))
    let list = try Program.run("models", store)
    #expect(list.output.contains("promoted"))
    #expect(try Program.run("models", store, "--remove", "merchant/logistic").status == 1)
    #expect(
      try Program.run("models", store, "--remove", "merchant/logistic", "--version", "1").output.contains(
        "No model was trained yet"))
  }

  @Test(
    "a model of examples is judged by what came out later, by the schema's label or the one that is named")
  func examples() throws {
    let (folder, store) = try Self.market("--risk-rate", "0.3", "--label-coverage", "1")
    let table = folder.path + "/examples.csv"
    for line in [
      [
        "examples", store, "--target", "merchant", "--every", "60d", "--from", "2025-12-01", "--to",
        "2026-06-01", "--becomes", "risk_label = 1", "--within", "60d", "--out", table,
      ], ["train", store, "--examples", table, "--model", "logistic", "--quiet"],
    ] {
      let run = try Program.run(line)
      try #require(run.status == 0, "\(run.errors)")
    }
    var found: [NSDictionary] = []
    for by in [[], ["--label", "risk_label"]] {
      let run = try Program.run(
        [
          "evaluate", store, "--model", "merchant/logistic", "--from", "2026-06-01", "--to", "2026-09-01",
          "--samples", "50", "--json",
        ] + by)
      #expect(run.status == 0, "\(run.errors)")
      let metrics = try #require(run.json?["metrics"] as? [String: Any])
      let area = try #require(metrics["AUROC"] as? [String: Double])
      // Who turns bad is told from who does not: the tables make it so, and chance would not.
      #expect(area["value"]! > 0.6)
      found.append(metrics as NSDictionary)
    }
    #expect(found[0] == found[1])
    let wrong = try Program.run(
      "evaluate", store, "--model", "merchant/logistic", "--from", "2026-06-01", "--to", "2026-09-01",
      "--label", "nothing")
    #expect(wrong.status == 1 && wrong.errors.contains("risk_label"), "\(wrong.errors)")
  }
}
