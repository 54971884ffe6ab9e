import Foundation

/// Half of what the machine has to give at this moment, in bytes: what an operation may take without being asked.
public func affordableMemory() -> Int {
  guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else { return 1 << 30 }
  for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
    let kibibytes = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 1 << 20
    return kibibytes * 512
  }
  return 1 << 30
}
