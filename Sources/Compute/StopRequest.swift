import Synchronization

/// The wish that long work should stop, handed to it as a value and set from elsewhere (Ctrl-C, say).
///
/// Work looks at it between steps that leave everything whole, and then throws `CancellationError`.
public final class StopRequest: Sendable {
  private let wanted = Atomic<Bool>(false)

  public init() {}

  public var isWanted: Bool { wanted.load(ordering: .relaxed) }

  public func stop() { wanted.store(true, ordering: .relaxed) }

  public func check() throws(CancellationError) {
    if isWanted { throw CancellationError() }
  }
}
