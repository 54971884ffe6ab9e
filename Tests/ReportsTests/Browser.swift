import Foundation

/// A browser without a window, where the machine has one.
enum Browser {
  static let path = ["chromium", "chromium-browser", "google-chrome"].flatMap { name in
    ["/usr/bin", "/usr/local/bin"].map { "\($0)/\(name)" }
  }.first { FileManager.default.isExecutableFile(atPath: $0) }

  static var isThere: Bool { path != nil }

  /// The document after its scripts have run, as the browser writes it.
  static func document(of html: String, width: Int = 1280) throws -> String {
    try run(html, ["--window-size=\(width),900", "--virtual-time-budget=2000", "--dump-dom"])
  }

  /// A picture or a printed page, written to a file.
  static func picture(of html: String, to file: String, width: Int, height: Int, isDark: Bool) throws {
    let scheme = isDark ? ["--force-dark-mode", "--blink-settings=preferredColorScheme=0"] : []
    _ = try run(html, ["--window-size=\(width),\(height)", "--screenshot=\(file)"] + scheme)
  }

  static func print(_ html: String, to file: String) throws {
    _ = try run(html, ["--print-to-pdf=\(file)", "--no-pdf-header-footer"])
  }

  private static func run(_ html: String, _ options: [String]) throws -> String {
    let folder = NSTemporaryDirectory() + "riskgraph-browser-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(html.utf8).write(to: URL(fileURLWithPath: folder + "/page.html"))
    try Data().write(to: URL(fileURLWithPath: folder + "/out"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments =
      ["60", path ?? "", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
      + ["--user-data-dir=\(folder)/profile"] + options + ["file://\(folder)/page.html"]
    process.standardOutput = FileHandle(forWritingAtPath: folder + "/out")
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return String(decoding: try Data(contentsOf: URL(fileURLWithPath: folder + "/out")), as: UTF8.self)
  }
}
