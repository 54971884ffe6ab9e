import CKernels

/// The instruction sets that the kernels are compiled for, lowest first.
///
/// The best that the processor has is used, or what `RISKGRAPH_ISA` names. Every one gives the same bits.
public enum InstructionSet: Int32, Sendable, CaseIterable, CustomStringConvertible {
  case base, avx2, avx512

  /// What the kernels use.
  public static var current: InstructionSet { InstructionSet(rawValue: rg_instruction_set())! }

  /// What this processor has.
  public static var available: [InstructionSet] {
    allCases.filter { $0.rawValue <= rg_best_instruction_set() }
  }

  /// Uses this one from now on, in the whole process: for tests and benchmarks. Needs: the processor has it.
  package func use() {
    precondition(InstructionSet.available.contains(self), "an instruction set that the processor lacks")
    rg_use_instruction_set(rawValue)
  }

  public var description: String {
    switch self {
    case .base: "base"
    case .avx2: "AVX2"
    case .avx512: "AVX-512"
    }
  }
}
