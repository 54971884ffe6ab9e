import Compute
import Dispatch
import Foundation

/// Ctrl-C and a request to terminate, as a `StopRequest` that work looks at where everything is whole.
/// The second one ends the program at once: the store is safe against that, too.
enum StopSignals {
  static func begin() -> StopRequest {
    for (number, source) in sources {
      signal(number, SIG_IGN)
      source.setEventHandler {
        if request.isWanted { _exit(128 + number) }
        request.stop()
        let text = "\nStopping where everything is whole; once more stops at once.\n"
        _ = text.withCString { write(2, $0, strlen($0)) }
      }
      source.activate()
    }
    return request
  }

  private static let request = StopRequest()
  private nonisolated(unsafe) static let sources: [(Int32, any DispatchSourceSignal)] = [SIGINT, SIGTERM].map
  {
    ($0, DispatchSource.makeSignalSource(signal: $0, queue: DispatchQueue(label: "stop")))
  }
}
