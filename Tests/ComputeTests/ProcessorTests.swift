import Foundation
import Testing

@testable import Compute

@Suite("the machine")
struct ProcessorTests {
  @Test("a processor's facts are read from what Linux writes")
  func cpuinfo() {
    let text = """
      processor\t: 0
      vendor_id\t: GenuineIntel
      cpu family\t: 6
      model\t\t: 143
      model name\t: Intel(R) Xeon(R) Platinum 8488C
      flags\t\t: fpu avx2 fma avx512f avx512bw avx512dq avx512vl

      processor\t: 1
      vendor_id\t: Other
      """
    let processor = Processor(cpuinfo: text, coreCount: 2, caches: [], memoryBytes: 1)
    #expect(processor.vendor == "GenuineIntel" && processor.name == "Intel(R) Xeon(R) Platinum 8488C")
    #expect(processor.family == 6 && processor.model == 143)
    #expect(processor.hasAVX512 && processor.hasAVX2)
    let less = Processor(
      cpuinfo: "flags : avx2 avx512f", coreCount: 1, caches: [], memoryBytes: 1)
    #expect(!less.hasAVX512 && !less.hasAVX2)
    #expect(Processor(cpuinfo: "", coreCount: 1, caches: [], memoryBytes: 1).name == "")
  }

  @Test("sizes and lists of cores")
  func sizes() {
    #expect(Processor.byteCount("32K") == 32_768)
    #expect(Processor.byteCount("16M") == 16_777_216)
    #expect(Processor.byteCount("512") == 512)
    #expect(Processor.byteCount("") == nil && Processor.byteCount("xK") == nil)
    #expect(Processor.coresInList("0-3,8") == 5 && Processor.coresInList("7") == 1)
  }

  @Test("this machine has cores and memory")
  func current() {
    #expect(Processor.current.coreCount >= 1)
    #expect(Processor.current.memoryBytes > 1 << 28)
    #expect(!Processor.current.features.isEmpty)
    #expect(systemText("/proc/self/maps")?.hasSuffix("\n") == true)
    #expect(systemText("/no/such/file") == nil)
  }

  @Test("limits are measured and are positive")
  func limits() {
    let limits = MachineLimits.measured()
    #expect(limits.readGBs > 0.1 && limits.triadGBs > 0.1 && limits.sgemmGFLOPs > 0.1)
  }
}

@Suite("the choice of OpenBLAS kernels")
struct OpenBLASTests {
  @Test("AVX-512 is asked for where the processor has it and the library does not use it")
  func fallback() {
    for core in ["Haswell", "Zen", "Sandybridge", "Prescott"] {
      #expect(OpenBLAS.betterKernel(than: core, hasAVX512: true, namedByUser: nil) == "SkylakeX")
    }
  }

  @Test("it is left alone without AVX-512, where it is used already, and where the user has named kernels")
  func leftAlone() {
    #expect(OpenBLAS.betterKernel(than: "Haswell", hasAVX512: false, namedByUser: nil) == nil)
    for core in ["SkylakeX", "Cooperlake", "SapphireRapids", "SKYLAKEX"] {
      #expect(OpenBLAS.betterKernel(than: core, hasAVX512: true, namedByUser: nil) == nil)
    }
    #expect(OpenBLAS.betterKernel(than: "Haswell", hasAVX512: true, namedByUser: "Haswell") == nil)
    #expect(OpenBLAS.betterKernel(than: "Haswell", hasAVX512: true, namedByUser: "") == "SkylakeX")
  }

  @Test("what runs in this process is what was decided")
  func decided() {
    let library = OpenBLAS.ready
    let wanted = OpenBLAS.betterKernel(
      than: library.kernelAtLoad, hasAVX512: Processor.current.hasAVX512,
      namedByUser: ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"])
    #expect(library.kernel.lowercased() == (wanted ?? library.kernelAtLoad).lowercased())
    #expect(library.configuration.contains("OpenBLAS"))
    #expect(!library.copies.isEmpty)
  }
}
