import Foundation

/// The processor and the memory of the machine, as the system tells them.
///
///     Processor.current.name      // AMD EPYC 7R13
///
/// What the system does not tell is 0 or empty.
public struct Processor: Sendable, Hashable, Codable {
  public struct Cache: Sendable, Hashable, Codable {
    public let level: Int
    /// Data, Instruction or Unified.
    public let kind: String
    public let byteCount: Int
    /// How many of the cores share one.
    public let sharedBy: Int
  }

  public let vendor: String
  public let name: String
  public let family: Int
  public let model: Int
  /// Names of instruction-set extensions, as Linux writes them (`avx2`, `avx512f`, …).
  public let features: Set<String>
  /// How many the process may use.
  public let coreCount: Int
  public let caches: [Cache]
  public let memoryBytes: Int

  /// This machine's, read once.
  public static let current = Processor(
    cpuinfo: systemText("/proc/cpuinfo") ?? "",
    coreCount: ProcessInfo.processInfo.activeProcessorCount, caches: Processor.readCaches(),
    memoryBytes: Processor.readMemory())

  init(cpuinfo: String, coreCount: Int, caches: [Cache], memoryBytes: Int) {
    var facts: [String: String] = [:]
    for line in cpuinfo.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = line[..<colon].trimmingCharacters(in: .whitespaces)
      if facts[name] == nil {
        facts[name] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      }
    }
    vendor = facts["vendor_id"] ?? facts["CPU implementer"] ?? ""
    name = facts["model name"] ?? facts["Processor"] ?? ""
    family = Int(facts["cpu family"] ?? "") ?? 0
    model = Int(facts["model"] ?? "") ?? 0
    features = Set((facts["flags"] ?? facts["Features"] ?? "").split(separator: " ").map(String.init))
    self.coreCount = coreCount
    self.caches = caches
    self.memoryBytes = memoryBytes
  }

  /// The parts of AVX-512 that the kernels use.
  public var hasAVX512: Bool { features.isSuperset(of: ["avx512f", "avx512bw", "avx512dq", "avx512vl"]) }
  public var hasAVX2: Bool { features.isSuperset(of: ["avx2", "fma"]) }

  /// The largest cache's size in bytes, or 0.
  public var lastLevelCacheBytes: Int { caches.map(\.byteCount).max() ?? 0 }

  private static func readCaches() -> [Cache] {
    let folder = "/sys/devices/system/cpu/cpu0/cache"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix("index") }.sorted().compactMap { name in
      func text(_ file: String) -> String? {
        systemText("\(folder)/\(name)/\(file)")?.trimmingCharacters(in: .whitespacesAndNewlines)
      }
      guard let level = text("level").flatMap({ Int($0) }), let size = text("size").flatMap(byteCount) else {
        return nil
      }
      return Cache(
        level: level, kind: text("type") ?? "", byteCount: size,
        sharedBy: coresInList(text("shared_cpu_list") ?? "0"))
    }
  }

  /// `32K`, `1024K`, `32M` as the kernel writes sizes.
  static func byteCount(_ text: String) -> Int? {
    guard let last = text.last else { return nil }
    let scale = last == "K" ? 1 << 10 : last == "M" ? 1 << 20 : last == "G" ? 1 << 30 : 1
    return Int(scale == 1 ? text[...] : text.dropLast()).map { $0 * scale }
  }

  /// How many cores a list like `0-3,8` names.
  static func coresInList(_ text: String) -> Int {
    text.split(separator: ",").reduce(0) { sum, part in
      let ends = part.split(separator: "-").compactMap { Int($0) }
      return sum + (ends.count == 2 ? max(0, ends[1] - ends[0]) + 1 : ends.count)
    }
  }

  /// What the machine has, or what the container may use where that is less.
  private static func readMemory() -> Int {
    let physical = Int(ProcessInfo.processInfo.physicalMemory)
    let limit = systemText("/sys/fs/cgroup/memory.max")
      .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    return min(physical, limit ?? physical)
  }
}
