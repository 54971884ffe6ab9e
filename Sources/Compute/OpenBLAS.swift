// The right OpenBLAS kernel for the processor, and one thread inside each call.
//
// An OpenBLAS that is older than the processor falls back to kernels for AVX2 where AVX-512 would do twice the
// work. Which kernels run is decided when the library is loaded, from OPENBLAS_CORETYPE or the processor; but the
// library can be told to decide again, as long as no product is under way. So we do, once, before the first call.
//
// Tall and thin products (a graph's nodes times a layer's width) are split badly by OpenBLAS's own threads. `BLAS`
// splits them by rows over `Parallel`, so each call inside is to run on one thread.

import COpenBLAS
import Foundation

/// What is known of the OpenBLAS in this process, and what was chosen.
public struct OpenBLAS: Sendable {
  /// The library's own description of itself: version and how it was built.
  public let configuration: String
  /// The kernels that it chose by itself when it was loaded.
  public let kernelAtLoad: String
  /// The kernels that run.
  public let kernel: String
  /// The files of all copies of BLAS in the process. LAPACKE may load a second one through Debian's alternatives;
  /// its calls reach the first, but its idle threads are there.
  public let copies: [String]

  public var wasChanged: Bool { kernel != kernelAtLoad }

  /// The library, set up: the best kernels, one thread. The first use does the work; every product goes through it.
  public static let ready = OpenBLAS()

  private init() {
    let atLoad = OpenBLAS.coreName
    kernelAtLoad = atLoad
    let wanted = OpenBLAS.betterKernel(
      than: atLoad, hasAVX512: Processor.current.hasAVX512,
      namedByUser: ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"])
    if let wanted { OpenBLAS.use(kernel: wanted) }
    openblas_set_num_threads(1)
    kernel = OpenBLAS.coreName
    configuration = String(cString: openblas_get_config())
    copies = OpenBLAS.loadedCopies()
  }

  /// The kernels to ask for instead of those that the library chose, or nil to leave it alone: where the user has
  /// named some, where the processor has no AVX-512, or where the library uses it already.
  static func betterKernel(than chosen: String, hasAVX512: Bool, namedByUser: String?) -> String? {
    guard hasAVX512, namedByUser == nil || namedByUser == "" else { return nil }
    let withAVX512 = ["skylakex", "cooperlake", "sapphirerapids"]
    return withAVX512.contains(chosen.lowercased()) ? nil : "SkylakeX"
  }

  private static var coreName: String { String(cString: openblas_get_corename()) }

  /// Makes the library choose again. False where it cannot: a build for one processor has no choice to make.
  ///
  /// Needs: no product under way in any thread.
  @discardableResult
  static func use(kernel: String) -> Bool {
    typealias Function = @convention(c) () -> Void
    // RTLD_DEFAULT is a null pointer on Linux.
    guard let quit = dlsym(nil, "gotoblas_dynamic_quit"), let start = dlsym(nil, "gotoblas_dynamic_init")
    else { return false }
    let before = getenv("OPENBLAS_CORETYPE").map { String(cString: $0) }
    unsafeBitCast(quit, to: Function.self)()
    setenv("OPENBLAS_CORETYPE", kernel, 1)
    unsafeBitCast(start, to: Function.self)()
    // What we start, and a library that is loaded later, decide for themselves.
    if let before { setenv("OPENBLAS_CORETYPE", before, 1) } else { unsetenv("OPENBLAS_CORETYPE") }
    return coreName.lowercased() == kernel.lowercased()
  }

  /// How many times faster the chosen kernels are than those at load; nil where nothing was changed.
  ///
  /// For `doctor`: a quarter of a second on one core. Needs: no product under way in any thread.
  public func measuredGain() -> Double? {
    guard wasChanged else { return nil }
    let chosen = MachineLimits.sgemmGFLOPs(size: 1024, parallel: Parallel(threads: 1))
    OpenBLAS.use(kernel: kernelAtLoad)
    let before = MachineLimits.sgemmGFLOPs(size: 1024, parallel: Parallel(threads: 1))
    OpenBLAS.use(kernel: kernel)
    return chosen / before
  }

  private static func loadedCopies() -> [String] {
    let maps = systemText("/proc/self/maps") ?? ""
    let files = maps.split(separator: "\n").compactMap { line -> String? in
      guard let slash = line.firstIndex(of: "/") else { return nil }
      let path = String(line[slash...])
      let name = path.split(separator: "/").last ?? ""
      return name.hasPrefix("libopenblas") || name.hasPrefix("libblas") || name.hasPrefix("libmkl")
        ? path : nil
    }
    return Set(files).sorted()
  }
}
