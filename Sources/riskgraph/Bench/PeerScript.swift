import Foundation

/// A script that measures other software and prints what came out.
struct PeerScript {
  let python: String
  let file: String

  /// What it printed, and whether it came to a good end.
  func output(
    _ words: [String], environment: [String: String] = [:]
  ) throws -> (printed: Data, isWhole: Bool) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, file] + words
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let printed = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (printed, process.terminationStatus == 0)
  }
}
