import Foundation

/// The built executable, run as a user would run it.
struct Program {
  struct Run {
    let status: Int32
    let output: String
    let errors: String

    /// The result as a JSON document; nil where it is none.
    var json: [String: Any]? {
      (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any]
    }
  }

  /// What RISKGRAPH_PROGRAM names (a release build, say), else what lies beside the tests' own executable.
  static var path: String {
    if let named = ProcessInfo.processInfo.environment["RISKGRAPH_PROGRAM"], !named.isEmpty { return named }
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (tests as NSString).deletingLastPathComponent + "/riskgraph"
  }

  /// Runs it to its end. `input` is given on standard input.
  static func run(
    _ words: String..., input: String = "", environment: [String: String] = [:], columns: Int? = nil
  ) throws -> Run {
    try run(words, input: input, environment: environment, columns: columns)
  }

  static func run(
    _ words: [String], input: String = "", environment: [String: String] = [:], columns: Int? = nil
  ) throws -> Run {
    let folder = try TemporaryFolder()
    try Data(input.utf8).write(to: URL(fileURLWithPath: folder.path + "/in"))
    try folder.write("", to: "out")
    try folder.write("", to: "err")
    let process = try start(words, environment: environment, columns: columns)
    process.standardInput = FileHandle(forReadingAtPath: folder.path + "/in")
    process.standardOutput = FileHandle(forWritingAtPath: folder.path + "/out")
    process.standardError = FileHandle(forWritingAtPath: folder.path + "/err")
    try process.run()
    process.waitUntilExit()
    return Run(
      status: process.terminationReason == .uncaughtSignal
        ? -process.terminationStatus : process.terminationStatus,
      output: try folder.text("out"), errors: try folder.text("err"))
  }

  /// Ready to be run, with nothing connected yet.
  static func start(
    _ words: [String], environment: [String: String] = [:], columns: Int? = nil
  ) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = words
    var all = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    all["COLUMNS"] = String(columns ?? 80)
    process.environment = all
    return process
  }

  /// Runs a line of shell in which `$riskgraph` is the program.
  static func shell(_ line: String) throws -> Run {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", "(\(line)) >'\(folder.path)/out' 2>'\(folder.path)/err' </dev/null"]
    process.environment = ProcessInfo.processInfo.environment.merging(["riskgraph": path]) { _, new in new }
    try process.run()
    process.waitUntilExit()
    return Run(
      status: process.terminationStatus, output: try folder.text("out"), errors: try folder.text("err"))
  }
}

/// A folder that goes when the value goes.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "riskgraph-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)), as: UTF8.self)
  }
}
