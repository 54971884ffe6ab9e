import Compute
import Foundation

extension QueryResult {
  /// Hands on every chunk in order, on this thread, while another fetches the next ones.
  ///
  ///     try database.stream("FROM 'orders.parquet'").forEachAhead { chunk in … }
  ///
  /// A streamed statement does its work inside `next()`; so read, it decodes on one core while the caller works on
  /// another. At most `depth` chunks (about 2,000 rows each) wait. Ends when the fetching has ended, whatever is thrown.
  package func forEachAhead(depth: Int = 48, _ body: (Chunk) throws -> Void) throws {
    let queue = ChunkQueue(depth: depth)
    let reader = ChunkReader(result: self)
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      reader.fill(queue)
      done.signal()
    }
    thread.stackSize = 8 << 20
    thread.start()
    defer {
      queue.abandon()
      done.wait()
    }
    while let chunk = try queue.next() { try body(chunk) }
  }
}

/// The fetching side: the only one to touch the result while it runs.
private final class ChunkReader: @unchecked Sendable {
  private var result: QueryResult?

  init(result: QueryResult) { self.result = result }

  /// Lets go of the result at its end: while anybody holds it, its database takes no other statement, and the thread that
  /// runs this ends at a time of its own.
  func fill(_ queue: ChunkQueue) {
    guard let result else { return }
    self.result = nil
    do {
      while let chunk = try result.next() {
        if chunk.rows > 0, !queue.offer(chunk) { return }
      }
      queue.close(nil)
    } catch {
      queue.close(error)
    }
  }
}

/// Chunks between the thread that fetches them and the one that uses them.
private final class ChunkQueue: @unchecked Sendable {
  private let depth: Int
  private let condition = NSCondition()
  private var chunks: [Chunk] = []
  private var first = 0
  private var isClosed = false
  private var isAbandoned = false
  private var failure: (any Error)?

  init(depth: Int) { self.depth = max(1, depth) }

  /// Waits for room. False: nobody wants more.
  func offer(_ chunk: Chunk) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while chunks.count - first >= depth, !isAbandoned { condition.wait() }
    guard !isAbandoned else { return false }
    chunks.append(chunk)
    condition.broadcast()
    return true
  }

  func close(_ error: (any Error)?) {
    condition.lock()
    isClosed = true
    failure = error
    condition.broadcast()
    condition.unlock()
  }

  func abandon() {
    condition.lock()
    isAbandoned = true
    condition.broadcast()
    condition.unlock()
  }

  /// The chunks that came before a failure are handed out first.
  func next() throws -> Chunk? {
    condition.lock()
    defer { condition.unlock() }
    while first == chunks.count, !isClosed { condition.wait() }
    guard first < chunks.count else {
      if let failure { throw failure }
      return nil
    }
    let chunk = chunks[first]
    first += 1
    if first == chunks.count || first >= depth {
      chunks.removeFirst(first)
      first = 0
    }
    condition.broadcast()
    return chunk
  }
}
