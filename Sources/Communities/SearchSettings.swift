import CKernels
import Compute

/// What a good division is.
public enum Quality: Sendable, Hashable {
  /// More weight inside than a random graph with the same degrees would have (Newman & Girvan, 2004). A higher
  /// resolution gives smaller communities.
  case modularity(resolution: Double = 1)
  /// The constant Potts model: denser inside than `resolution` (Traag, Van Dooren, Nesterov, 2011). It has no
  /// resolution limit: whether a group is one does not depend on how large the rest of the graph is.
  case constantPotts(resolution: Double)

  public var resolution: Double {
    switch self {
    case .modularity(let resolution), .constantPotts(let resolution): resolution
    }
  }
}

/// How to look for communities: the same for every method.
public struct SearchSettings: Sendable {
  public var quality: Quality
  /// Fixes the order in which nodes take their turn.
  public var seed: Seed
  /// How few and how many members a community may have. A connected component smaller than the least stays as it is.
  public var sizes: ClosedRange<Int>
  public var parallel: Parallel
  public var progress: ProgressSink
  public var stop: StopRequest?
  /// Which kernels run: 0 baseline, 1 AVX2, 2 AVX-512.
  package var instructionSet: Int32

  public init(
    quality: Quality = .modularity(), seed: Seed = Seed(1), sizes: ClosedRange<Int> = 1...Int.max,
    parallel: Parallel = .machine, progress: ProgressSink = .silent, stop: StopRequest? = nil
  ) {
    self.quality = quality
    self.seed = seed
    self.sizes = sizes
    self.parallel = parallel
    self.progress = progress
    self.stop = stop
    self.instructionSet = rg_instruction_set()
  }

  func check() throws(CommunityError) {
    guard quality.resolution.isFinite, quality.resolution >= 0 else {
      throw .badResolution(quality.resolution)
    }
    guard sizes.lowerBound >= 1 else {
      throw .badSizes(smallest: sizes.lowerBound, largest: sizes.upperBound)
    }
  }

  func checkStop() throws(CommunityError) {
    if stop?.isWanted == true { throw .stopped }
  }
}
