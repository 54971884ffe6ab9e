import Foundation
import Testing

/// Tables of questions with times of their own, end to end on a small generated market.
@Suite("Commands on tables of examples")
struct ExampleCommandTests {
  private static func market() throws -> (folder: TemporaryFolder, store: String, table: String) {
    let (folder, store) = try LearningCommandTests.market("--risk-rate", "0.3", "--label-coverage", "1")
    let table = folder.path + "/examples.csv"
    let run = try Program.run(
      "examples", store, "--target", "merchant", "--every", "60d", "--from", "2025-10-01", "--to",
      "2026-06-01", "--becomes", "risk_label = 1", "--within", "60d", "--out", table)
    try #require(run.status == 0, "\(run.errors)")
    return (folder, store, table)
  }

  private func values(_ json: Any?) -> [String: Double] {
    ((json as? [String: Any]) ?? [:]).compactMapValues { figure in
      let figure = figure as? [String: Double]
      return figure?["value"] ?? figure?["mean"]
    }
  }

  /// The rows of a CSV file without quotes, by the names in its header.
  private func rows(_ text: String) -> [[String: String]] {
    let lines = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  @Test("train, compare, score and evaluate say the same of the same examples")
  func wholeWay() throws {
    let (folder, store, table) = try Self.market()
    let trained = try Program.run(
      "train", store, "--examples", table, "--model", "logistic", "--seed", "5", "--gap", "60d", "--scores",
      folder.path + "/test.csv", "--json", "--quiet")
    try #require(trained.status == 0, "\(trained.errors)")
    let figures = values(trained.json?["metrics"])
    let area = try #require(figures["AUROC"])
    #expect(area > 0.6 && figures["Brier score"] != nil)

    let compared = try Program.run(
      "compare", store, "--examples", table, "--models", "logistic,gcn,ensemble", "--seeds", "1", "--seed",
      "5", "--gap", "60d", "--out", folder.path + "/curves", "--json", "--quiet")
    try #require(compared.status == 0, "\(compared.errors)")
    let models = try #require(compared.json?["models"] as? [[String: Any]])
    #expect(models.compactMap { $0["model"] as? String } == ["logistic", "gcn", "ensemble"])
    let means = values(models[0])
    #expect(means.count > 7)
    for (name, value) in means { #expect(figures[name] == value, "\(name)") }
    #expect((models[1]["failure"] as? String)?.contains("examples take trees") == true)
    #expect(compared.json?["measuredOn"] as? String == "test")
    for name in ["roc", "precision-recall", "calibration"] {
      let text = try folder.text("curves/\(name).svg")
      #expect(text.hasPrefix("<svg") && text.contains("ensemble") && !text.contains("gcn"))
    }

    let judged = try Program.run(
      "evaluate", store, "--model", "merchant/logistic", "--examples", table, "--json", "--quiet")
    try #require(judged.status == 0, "\(judged.errors)")
    #expect(values(judged.json?["metrics"]) == figures)
    #expect(judged.json?["measuredOn"] as? String == "test")
    let test = rows(try folder.text("test.csv"))
    #expect(judged.json?["rows"] as? Int == test.count && compared.json?["rows"] as? Int == test.count)

    // The same rows in a table of their own, without a split.
    let asked = rows(try folder.text("examples.csv")).filter { $0["split"] == "test" }
    #expect(asked.count == test.count)
    try folder.write(
      "merchant,as_of,label\n"
        + asked.map { "\($0["merchant"]!),\($0["as_of"]!),\($0["label"]!)\n" }.joined(), to: "later.csv")
    let later = folder.path + "/later.csv"
    let again = try Program.run(
      "evaluate", store, "--model", "merchant/logistic", "--examples", later, "--by", "country", "--json",
      "--quiet")
    #expect(values(again.json?["metrics"]) == figures, "\(again.errors)")
    #expect(again.json?["measuredOn"] as? String == "labelled")
    let parts = try #require(again.json?["parts"] as? [[String: Any]])
    #expect(!parts.isEmpty && parts.allSatisfy { $0["by"] as? String == "country" })
    #expect(parts.reduce(0) { $0 + ($1["rows"] as? Int ?? 0) } == test.count)
    let scored = try Program.run(
      "score", store, "--model", "merchant/logistic", "--examples", later, "--out",
      folder.path + "/scores.csv", "--json", "--quiet")
    #expect(scored.json?["alarms"] as? Double == again.json?["alarms"] as? Double, "\(scored.errors)")
    #expect(scored.json?["warning"] as? String == again.json?["warning"] as? String)
    let scores = rows(try folder.text("scores.csv"))
    #expect(scores.map { $0["score"] } == test.map { $0["score"] })
    // The area under the curve, counted over pairs of a good and a bad one.
    let points = test.map { (Double($0["score"]!)!, $0["label"]! == "1") }
    var (sum, pairs) = (0.0, 0.0)
    for bad in points where bad.1 {
      for good in points where !good.1 {
        sum += bad.0 > good.0 ? 1 : bad.0 == good.0 ? 0.5 : 0
        pairs += 1
      }
    }
    #expect(abs(sum / pairs - area) < 1e-9)

    // Every label is in the whole table, and half of it taught the model.
    try folder.write(
      "merchant,as_of,label\n"
        + rows(try folder.text("examples.csv")).map {
          "\($0["merchant"]!),\($0["as_of"]!),\($0["label"]!)\n"
        }.joined(), to: "all.csv")
    let all = try Program.run(
      "evaluate", store, "--model", "merchant/logistic", "--examples", folder.path + "/all.csv", "--samples",
      "20", "--json", "--quiet")
    let months = (all.json?["months"] as? [[String: Any]] ?? []).compactMap { $0["value"] as? String }
    #expect(months.count > 2 && months == months.sorted() && months[0] == "2025-10", "\(all.errors)")
    #expect((all.json?["notes"] as? [String])?.contains { $0.contains("was trained on") } == true)
  }

  @Test("auto says what it tried, and a network scores a table of examples")
  func kinds() throws {
    let (folder, store, table) = try Self.market()
    let auto = try Program.run("train", store, "--examples", table, "--model", "auto", "--json", "--quiet")
    #expect(auto.status == 0, "\(auto.errors)")
    #expect((auto.json?["notes"] as? [String])?.contains { $0.contains("Chosen by it") } == true)
    let network = try Program.run(
      "train", store, "--examples", table, "--model", "sage", "--columns", "own", "--scores",
      folder.path + "/test.csv", "--json", "--quiet")
    #expect(network.status == 0, "\(network.errors)")
    let judged = try Program.run(
      "evaluate", store, "--model", "merchant/sage", "--examples", table, "--json", "--quiet")
    #expect(values(judged.json?["metrics"]) == values(network.json?["metrics"]), "\(judged.errors)")
    let scored = try Program.run(
      "score", store, "--model", "merchant/sage", "--examples", table, "--out", folder.path + "/scores.csv",
      "--quiet")
    #expect(scored.status == 0, "\(scored.errors)")
    var found: [String: Double] = [:]
    for row in rows(try folder.text("scores.csv")) {
      found[row["merchant"]! + row["as_of"]!] = Double(row["score"]!)!
    }
    let test = rows(try folder.text("test.csv"))
    #expect(!test.isEmpty)
    for row in test {
      // Sums over rows of other batches may differ in their last bits.
      let score = try #require(found[row["merchant"]! + row["as_of"]!])
      #expect(abs(score - Double(row["score"]!)!) < 1e-5)
    }
  }

  @Test("what cannot be judged is refused with a way out")
  func mistakes() throws {
    let (folder, store, table) = try Self.market()
    for line in [
      ["train", store, "--examples", table, "--model", "logistic", "--columns", "own", "--quiet"],
      [
        "train", store, "--target", "merchant", "--model", "trees", "--hops", "0", "--as-of", "2026-06-01",
        "--quiet",
      ],
    ] {
      let run = try Program.run(line)
      try #require(run.status == 0, "\(run.errors)")
    }
    let key = rows(try folder.text("examples.csv"))[0]["merchant"]!
    try folder.write("buyer,as_of,label\nX,2026-01-01,1\n", to: "buyers.csv")
    try folder.write("merchant,as_of\n\(key),2026-01-01\n", to: "unlabelled.csv")
    try folder.write(
      "merchant,as_of,label\n\(key),2026-01-01,1\n\(key),2026-02-01,1\n", to: "one.csv")
    try folder.write(
      "merchant,as_of,label\n\(key),2026-01-01,bad\n\(key),2026-02-01,good\n", to: "words.csv")
    func refused(_ words: [String], _ reasons: String...) throws {
      let run = try Program.run(words)
      #expect(run.status != 0)
      let said = run.errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      for reason in reasons { #expect(said.contains(reason), "\(said)") }
    }
    func evaluate(_ file: String, _ more: String...) -> [String] {
      ["evaluate", store, "--model", "merchant/logistic", "--examples", folder.path + "/" + file] + more
    }
    try refused(evaluate("buyers.csv"), "asks about buyer", "judges merchant", "--model")
    try refused(evaluate("unlabelled.csv"), "has no labels", "Add a column label")
    try refused(evaluate("one.csv"), "all 2 labelled examples have the same label", "Add examples")
    try refused(evaluate("words.csv"), "labels are bad and good", "learned 0 and 1", "the 1 for")
    try refused(
      evaluate("examples.csv", "--from", "2026-01-01"), "--examples and --from exclude each other")
    for command in ["evaluate", "score"] {
      try refused(
        [command, store, "--model", "merchant/trees", "--examples", table],
        "merchant/trees was not trained on examples", "Leave --examples out")
    }
    try refused(
      ["evaluate", store, "--model", "merchant/logistic"], "or a table of examples with --examples")
    try refused(["compare", store], "needs one of --target or --examples")
    try refused(
      ["train", store, "--examples", table, "--without", "country"],
      "--examples and --without exclude each other")
    try refused(
      ["compare", store, "--examples", table, "--as-of", "2026-01-01"],
      "--examples and --as-of exclude each other")
    try refused(
      ["compare", store, "--examples", table, "--models", "gcn,mlp", "--columns", "own"],
      "None of the models could be trained", "examples take trees")

    // A store of another schema.
    try folder.write(
      #"{"name": "other", "nodes": {"person": {}}, "relations": {}}"#,
      to: "schema.json")
    let other = folder.path + "/other.rg"
    let made = try Program.run("init", other, "--schema", folder.path + "/schema.json")
    try #require(made.status == 0, "\(made.errors)")
    try refused(
      [
        "evaluate", other, "--models", store + "/models", "--model", "merchant/logistic", "--examples", table,
      ], "trained on another schema", "train a model on this graph")
  }
}
