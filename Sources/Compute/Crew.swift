import CKernels
import Foundation
import Synchronization

/// Threads that stay awake between short tasks: for work of thousands of steps that each take microseconds, where
/// waking a thread from sleep would cost more than the step.
///
///     let crew = Crew(threads: 2)
///     crew.run { worker in … }      // once for each worker; returns when all have ended
///
/// A thread that waits spins for some tens of microseconds, then sleeps. The threads start with the first task that
/// needs them, and end with the crew. One task at a time: `run` is not to be called from within, nor by two at once.
package final class Crew: @unchecked Sendable {
  package let threads: Int
  private let shift: Shift
  private var hasStarted = false

  package init(threads: Int) {
    self.threads = max(1, threads)
    // More threads than cores must not spin: they would keep the core from whom they wait for.
    let hasCores = self.threads <= ProcessInfo.processInfo.activeProcessorCount
    shift = Shift(helpers: self.threads - 1, spins: hasCores ? 1500 : 0)
  }

  deinit { if hasStarted { shift.end() } }

  /// Calls `body` once for each of `workers`, all at the same time where there are as many cores.
  package func run(workers: Int, _ body: (_ worker: Int) -> Void) {
    let workers = min(workers, threads)
    guard workers > 1 else {
      body(0)
      return
    }
    if !hasStarted {
      hasStarted = true
      for helper in 1..<threads { Thread.detachNewThread { [shift] in shift.help(as: helper) } }
    }
    withoutActuallyEscaping(body) { body in
      nonisolated(unsafe) let body = body
      shift.run { if $0 < workers { body($0) } }
    }
  }

  /// Calls `body` once for each chunk, telling which worker runs it; a worker does one chunk at a time.
  ///
  /// For work whose result does not depend on the worker, which only lends its scratch.
  package func forEach(chunks: Int, _ body: (_ worker: Int, _ chunk: Int) -> Void) {
    let workers = min(threads, chunks)
    if workers <= 1 {
      for chunk in 0..<max(0, chunks) { body(0, chunk) }
      return
    }
    let next = Atomic<Int>(0)
    run(workers: workers) { worker in
      while true {
        let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if chunk >= chunks { return }
        body(worker, chunk)
      }
    }
  }
}

/// What the crew's threads share: the task, and who waits for what.
private final class Shift: @unchecked Sendable {
  private let helpers: Int
  private let spins: Int
  private var task: ((Int) -> Void)?
  private var isOver = false
  /// Goes up with each task, and with each task's last helper.
  private let started = Event()
  private let ended = Event()
  private let atWork = Atomic<Int>(0)

  init(helpers: Int, spins: Int) {
    self.helpers = helpers
    self.spins = spins
  }

  func run(_ task: @escaping (Int) -> Void) {
    self.task = task
    atWork.store(helpers, ordering: .relaxed)
    let before = ended.number
    started.happen()
    task(0)
    ended.wait(past: before, spins: spins)
    self.task = nil
  }

  func help(as helper: Int) {
    var seen: UInt32 = 0
    while true {
      started.wait(past: seen, spins: spins)
      seen &+= 1
      if isOver { return }
      task!(helper)
      if atWork.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 { ended.happen() }
    }
  }

  func end() {
    isOver = true
    started.happen()
  }
}

/// Something that happens again and again, and that threads wait for: first awake, then asleep.
private final class Event: @unchecked Sendable {
  private let count = Atomic<UInt32>(0)
  private let sleepers = Atomic<Int>(0)
  private let condition = NSCondition()

  var number: UInt32 { count.load(ordering: .acquiring) }

  func happen() {
    count.wrappingAdd(1, ordering: .sequentiallyConsistent)
    // A sleeper counts itself before it looks at the number for the last time: either it sees the new number, or it
    // is seen here.
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }

  func wait(past seen: UInt32, spins: Int) {
    for _ in 0..<spins {
      if count.load(ordering: .acquiring) != seen { return }
      rg_pause()
    }
    condition.lock()
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    while count.load(ordering: .sequentiallyConsistent) == seen { condition.wait() }
    sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    condition.unlock()
  }
}
