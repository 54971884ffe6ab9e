import Arguments
import Compute
import Foundation

/// What to look at first when something is slow, missing or strange.
struct DoctorCommand: Command {
  let name = "doctor"
  let summary = "Says what this machine has and what it reaches: libraries, kernels, memory, speed."
  let discussion = """
    Measures for about two seconds, and wants the machine for itself meanwhile. Fails where a library is missing that \
    a command needs, and names the remedy.
    """
  let examples = [
    Example("doctor", "Everything, measured."),
    Example("doctor --without-measuring --json", "Only what is there, for a program to read."),
  ]

  let withoutMeasuring = Flag("without-measuring", "Leave out bandwidth, GFLOP/s and gain.")

  func run(_ input: Input, in session: Session) throws -> Answer {
    let processor = Processor.current
    let blas = OpenBLAS.ready
    let libraries = LibraryFacts.all()
    let measures = !input[withoutMeasuring]
    if measures { session.note("Measuring memory and processor …") }
    let limits = measures ? MachineLimits.measured(parallel: session.parallel) : nil
    let gain = measures ? blas.measuredGain() : nil

    var answer = Answer(
      json: json(processor, blas, libraries, limits, gain, threads: session.parallel.threads))
    answer.facts(
      [("riskgraph", RiskGraph.version), ("processor", describe(processor))]
        + [
          ("instruction set", "\(InstructionSet.current) for our own kernels"),
          ("BLAS kernels", describe(blas, gain)),
        ]
        + [("threads", "\(session.parallel.threads)"), ("memory", describeMemory(processor))]
        + (limits.map { facts(of: $0) } ?? []))
    var table = TextTable(["library", "version", "found at"], alignments: [.leading, .leading, .leading])
    for library in libraries {
      table.add([library.name, library.version ?? "–", library.place ?? "not found"])
    }
    answer.table(table)
    for library in libraries where library.place == nil {
      answer.isFailure = true
      answer.say("\(library.name) is missing: \(library.remedy)")
    }
    if blas.copies.count > 1 {
      answer.say(
        "There are \(blas.copies.count) copies of BLAS in the process (\(blas.copies.joined(separator: ", "))). "
          + "That is how Debian packages LAPACKE; all calls reach the first.")
    }
    return answer
  }

  private func describe(_ processor: Processor) -> String {
    let caches = processor.caches.filter { $0.kind != "Instruction" }
      .map { "L\($0.level) \(humanBinaryBytes($0.byteCount))" }
    let parts = ["\(processor.coreCount) cores"] + caches
    return "\(processor.name.isEmpty ? "unknown" : processor.name), \(parts.joined(separator: ", "))"
  }

  private func describe(_ blas: OpenBLAS, _ gain: Double?) -> String {
    guard blas.wasChanged else { return "\(blas.kernel), as OpenBLAS chose" }
    let times = gain.map { ", \(threeDigits($0)) × as fast" } ?? ""
    return "\(blas.kernel), chosen here in place of OpenBLAS's \(blas.kernelAtLoad)\(times)"
  }

  private func describeMemory(_ processor: Processor) -> String {
    let free = ProcessMemory.available.map { ", \(humanBinaryBytes($0)) available" } ?? ""
    return "\(humanBinaryBytes(processor.memoryBytes))\(free)"
  }

  private func facts(of limits: MachineLimits) -> [(String, String)] {
    [
      (
        "bandwidth", "\(threeDigits(limits.readGBs)) GB/s reading, \(threeDigits(limits.triadGBs)) GB/s triad"
      ),
      ("arithmetic", "\(threeDigits(limits.sgemmGFLOPs)) GFLOP/s in a dense product (32 bits)"),
    ]
  }

  private func json(
    _ processor: Processor, _ blas: OpenBLAS, _ libraries: [LibraryFacts], _ limits: MachineLimits?,
    _ gain: Double?, threads: Int
  ) -> JSON {
    [
      "version": JSON(RiskGraph.version),
      "processor": [
        "name": JSON(processor.name), "vendor": JSON(processor.vendor), "family": JSON(processor.family),
        "model": JSON(processor.model), "cores": JSON(processor.coreCount),
        "caches": JSON(
          processor.caches.map {
            ["level": JSON($0.level), "kind": JSON($0.kind), "bytes": JSON($0.byteCount)]
          }),
      ],
      "instructionSet": JSON("\(InstructionSet.current)"),
      "blas": [
        "kernel": JSON(blas.kernel), "kernelAtLoad": JSON(blas.kernelAtLoad),
        "wasChanged": JSON(blas.wasChanged),
        "gain": JSON(gain), "configuration": JSON(blas.configuration), "copies": JSON(blas.copies),
      ],
      "threads": JSON(threads), "memoryBytes": JSON(processor.memoryBytes),
      "availableBytes": JSON(ProcessMemory.available),
      "measured": limits.map {
        [
          "readGBs": JSON($0.readGBs), "triadGBs": JSON($0.triadGBs), "sgemmGFLOPs": JSON($0.sgemmGFLOPs),
        ]
      } ?? .null,
      "libraries": JSON(
        libraries.map {
          ["name": JSON($0.name), "version": JSON($0.version), "path": JSON($0.place)]
        }),
    ]
  }
}

/// Memory as it is sold, in 1024s: `24 GiB`.
func humanBinaryBytes(_ bytes: Int) -> String {
  let units = ["B", "KiB", "MiB", "GiB", "TiB"]
  var value = Double(bytes)
  var unit = 0
  while value >= 1023.5, unit < units.count - 1 {
    value /= 1024
    unit += 1
  }
  return value == value.rounded() ? "\(Int(value)) \(units[unit])" : "\(threeDigits(value)) \(units[unit])"
}
