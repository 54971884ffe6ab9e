import Compute
import Foundation

/// This program, run again as a user would run it, with its time and its memory.
///
///     let run = try ChildProgram(in: folder).run(["import", "market.rg", "tables"], stop: stop)
///     run.peakBytes                      // what that process held at most, mapped files with it
///
/// It works in the folder: names without a path are there. What it prints goes into files of the folder, so that no pipe
/// can fill up.
struct ChildProgram {
  struct Run {
    let status: Int32
    let seconds: Double
    /// As the system counts it: pages of mapped files that were in memory count, too.
    let peakBytes: Int
    let output: String
    let errors: String
  }

  let program: String
  let folder: String

  init(
    _ program: String = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "",
    in folder: String
  ) {
    self.program = program
    self.folder = folder
  }

  /// Waits for its end; on a wish to stop the child is asked to stop, and then the wish is thrown.
  func run(_ words: [String], stop: StopRequest) throws -> Run {
    let (out, errors) = ("\(folder)/stdout", "\(folder)/stderr")
    // A new process counts what its parent held at most as its own: so forget what was held before.
    ProcessMemory.resetPeak()
    let start = ContinuousClock.now
    let child = try started(words, out: out, errors: errors)
    var status: Int32 = 0
    var usage = rusage()
    while true {
      let done = wait4(child, &status, WNOHANG, &usage)
      if done == child { break }
      if done < 0, errno != EINTR { throw failure() }
      if stop.isWanted {
        kill(child, SIGTERM)
        while wait4(child, &status, 0, &usage) < 0, errno == EINTR {}
        throw CancellationError()
      }
      usleep(2000)
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let signal = status & 0x7f
    return Run(
      status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, seconds: seconds,
      peakBytes: usage.ru_maxrss * 1024, output: text(out), errors: text(errors))
  }

  private func started(_ words: [String], out: String, errors: String) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard access(program, X_OK) == 0 else { throw failure() }
    // env goes to the folder and becomes the program: the same process.
    let env = "/usr/bin/env"
    var arguments: [UnsafeMutablePointer<CChar>?] =
      ([env, "--chdir=\(folder)", program] + words).map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    let reason = posix_spawn(&child, env, &actions, nil, &arguments, environ)
    guard reason == 0 else {
      throw BenchError.notStarted(program: program, reason: String(cString: strerror(reason)))
    }
    return child
  }

  private func failure() -> BenchError {
    .notStarted(program: program, reason: String(cString: strerror(errno)))
  }

  private func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}
