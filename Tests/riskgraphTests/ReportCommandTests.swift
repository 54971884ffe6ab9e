import Foundation
import Testing

@Suite("Reports and watching")
struct ReportCommandTests {
  @Test("a merchant called like a script, and one with a terminal's commands, stay text in the report")
  func hostile() throws {
    let folder = try TemporaryFolder()
    try folder.write(StoreCommandTests.schema, to: "schema.json")
    let names = ["<script>alert(1)</script>", "a\u{1B}]0;taken\u{7}", "\u{202E}gnp.exe", "plain"]
    try folder.write("id,name\n" + names.map { "\"\($0)\",x\n" }.joined(), to: "tables/merchant.csv")
    try folder.write("id\n\"<b>D1\"\n", to: "tables/device.csv")
    try folder.write(
      "merchant,device,at\n" + names.map { "\"\($0)\",\"<b>D1\",2026-01-05\n" }.joined(),
      to: "tables/uses.csv")
    let store = folder.path + "/shop.rg"
    #expect(try Program.run("init", store, "--schema", folder.path + "/schema.json").status == 0)
    let taken = try Program.run("import", store, folder.path + "/tables")
    #expect(taken.status == 0, "\(taken.errors)")
    let found = try Program.run("communities", store, "--on", "merchant-device-merchant", "--quiet")
    #expect(found.status == 0, "\(found.errors)")
    let file = folder.path + "/report.html"
    let run = try Program.run("report", store, "--out", file, "--json", "--quiet")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.json?["groups"] as? Int == 1)
    let html = try folder.text("report.html")
    #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !html.contains("<script>alert"))
    #expect(!html.contains("<b>"))
    #expect(
      !html.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || (0x202A...0x202E).contains($0.value) })
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600, "only its owner reads it")
    // The next one finds it, and a page that is none is refused by name.
    let again = try Program.run("report", store, "--out", file, "--quiet")
    #expect(again.output.contains("It says what changed since the report of"))
    try folder.write("<html></html>", to: "other.html")
    let refused = try Program.run("report", store, "--out", file, "--since", folder.path + "/other.html")
    #expect(refused.status == 1 && refused.errors.contains("other.html is no report"))
  }

  @Test("watch tells drift and what came out since, for people and for programs")
  func watch() throws {
    let folder = try TemporaryFolder()
    let store = folder.path + "/shop.rg"
    let tables = folder.path + "/tables"
    #expect(try Program.run("generate", tables, "--scale", "tiny", "--format", "csv", "--quiet").status == 0)
    #expect(try Program.run("init", store, "--schema", tables + "/schema.json").status == 0)
    #expect(try Program.run("import", store, tables, "--quiet").status == 0)
    let none = try Program.run("watch", store, "--quiet")
    #expect(none.status == 1 && none.errors.contains("None was trained yet"))
    let trained = try Program.run(
      "train", store, "--target", "merchant", "--model", "trees", "--hops", "0", "--as-of", "2026-03-01",
      "--quiet")
    #expect(trained.status == 0, "\(trained.errors)")
    let run = try Program.run("watch", store, "--json", "--quiet")
    #expect(run.status == 0, "\(run.errors)")
    let all = try #require(
      (try? JSONSerialization.jsonObject(with: Data(run.output.utf8))) as? [[String: Any]])
    let drift = try #require(all.first?["drift"] as? [String: Any])
    let columns = try #require(drift["columns"] as? [[String: Any]])
    #expect(!columns.isEmpty && columns.allSatisfy { ($0["psi"] as? Double ?? -1) >= 0 })
    #expect((all.first?["decided"] as? [String: Any])?["cases"] as? Int ?? 0 > 0)
    #expect(["keep", "look", "retrain"].contains(all.first?["advice"] as? String ?? ""))
    let text = try Program.run("watch", store, "--quiet", "--model", "merchant/trees", "--limit", "2")
    #expect(text.output.hasPrefix("merchant/trees, version 1\n"))
    let wrong = try Program.run("watch", store, "--model", "merchant/tres")
    #expect(wrong.status == 1 && wrong.errors.contains("There are: merchant/trees"))
    let report = try Program.run("report", store, "--out", folder.path + "/report.html", "--quiet")
    #expect(report.status == 0, "\(report.errors)")
    #expect(try folder.text("report.html").contains("Do its probabilities hold?"))
  }
}
