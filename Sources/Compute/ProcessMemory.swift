import Foundation

/// How much memory this process holds, as the system counts it; nil where it does not say.
public enum ProcessMemory {
  public static var held: Int? { value(of: "VmRSS:") }
  /// The most since the program started, or since `resetPeak`.
  public static var peak: Int? { value(of: "VmHWM:") }

  /// What the machine could still give without swapping.
  public static var available: Int? { value(of: "MemAvailable:", in: "/proc/meminfo") }

  public static func resetPeak() {
    let file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = write(file, "5", 1)
    close(file)
  }

  private static func value(of field: String, in file: String = "/proc/self/status") -> Int? {
    let line = (systemText(file) ?? "").split(separator: "\n").first { $0.hasPrefix(field) }
    return line?.split { $0 == "\t" || $0 == " " }.compactMap { Int($0) }.first.map { $0 * 1024 }
  }
}
