import Compute
import Foundation
import Testing

@testable import Learning

/// Model files as others read them. The Python that reads them is the tests' own; where it lacks a package, the test is skipped.
@Suite("Model files read by Python")
struct ReadBackTests {
  static let python = ProcessInfo.processInfo.environment["RISKGRAPH_PYTHON"] ?? "/usr/bin/python3"

  static func run(_ script: String, _ words: [String] = []) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = ["-c", script] + words
    let output = Pipe()
    process.standardOutput = output
    process.standardError = Pipe()
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  static func has(_ package: String) -> Bool { (try? run("import \(package)").status == 0) ?? false }

  @Test("safetensors gives every array as it was written", .enabled(if: has("safetensors") && has("numpy")))
  func weights() throws {
    var numbers = Seed(4).generator(for: "weights")
    var matrix = Matrix(rows: 5, columns: 3)
    for row in 0..<5 { for column in 0..<3 { matrix[row, column] = Float(numbers.normal()) } }
    let path = NSTemporaryDirectory() + "riskgraph-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Safetensors(
      arrays: [.init(name: "layer.weight", value: matrix), .init(name: "é", value: Matrix([[1, 2]]))],
      metadata: ["who": "a test"]
    ).write(to: path)
    let script = """
      import sys
      from safetensors import safe_open
      with safe_open(sys.argv[1], framework="np") as f:
        print(f.metadata()["who"])
        for name in sorted(f.keys()):
          a = f.get_tensor(name)
          print(name, *a.shape, *(int(x.view("uint32")) for x in a.ravel()))
      """
    let read = try Self.run(script, [path])
    let cells = (0..<5).flatMap { matrix.row($0) }.map { String($0.bitPattern) }
    #expect(
      read.output == "a test\nlayer.weight 5 3 \(cells.joined(separator: " "))\né 1 2 1065353216 1073741824\n"
    )
  }

  @Test("XGBoost for Python gives a model's scores", .enabled(if: has("xgboost") && has("numpy")))
  func trees() throws {
    let settings = TreeSettings(rounds: 20, learningRate: 0.3, depth: 3, columnShare: 1)
    let model = try Trees(settings).fit(boardRows(200, seed: 1))
    let path = NSTemporaryDirectory() + "riskgraph-\(UUID().uuidString).ubj"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(model.serialized()[0]).write(to: URL(fileURLWithPath: path))
    let rows = boardRows(20, seed: 2).columns
    let script = """
      import sys, numpy, xgboost
      rows = numpy.array([float(x) for x in sys.argv[2].split()], dtype="float32").reshape(-1, 4)
      booster = xgboost.Booster(model_file=sys.argv[1])
      print(*booster.predict(xgboost.DMatrix(rows)))
      """
    let cells = (0..<20).flatMap { rows.row($0) }.map { "\($0)" }.joined(separator: " ")
    let read = try Self.run(script, [path, cells])
    let scores = read.output.split(whereSeparator: \.isWhitespace).compactMap { Float($0) }
    #expect(scores.count == 20)
    for (theirs, ours) in zip(scores, try model.scores(rows)) { #expect(abs(theirs - ours) < 1e-5) }
  }
}
