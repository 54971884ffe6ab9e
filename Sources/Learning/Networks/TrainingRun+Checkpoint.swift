// What a run needs to go on as if it had never stopped: the weights, the optimizer's moments, the best weights so far,
// and where it stands. Random numbers are named by the step, so there is no generator to keep.

import Compute
import Foundation

extension TrainingRun {
  private struct State: Codable {
    var architecture: Architecture
    var training: TrainingSettings
    var seed: UInt64
    var epoch: Int
    var step: Int
    /// The bits, for JSON knows no NaN and rounds.
    var bestMetricBits: UInt64?
    var bestEpoch: Int?
    var losses: [UInt64]
    var metrics: [UInt64?]
  }

  /// Writes a checkpoint. Take one between epochs.
  public func writeCheckpoint(to path: String) throws {
    var arrays: [NetworkModel.NamedMatrix] = []
    for parameter in network.parameters {
      arrays.append(.init(name: "value/\(parameter.name)", value: parameter.value.matrix))
      arrays.append(.init(name: "first/\(parameter.name)", value: parameter.firstMoment.matrix))
      arrays.append(.init(name: "second/\(parameter.name)", value: parameter.secondMoment.matrix))
    }
    for weight in best?.weights ?? [] {
      arrays.append(.init(name: "best/\(weight.name)", value: weight.value))
    }
    let state = State(
      architecture: architecture, training: recipe.training, seed: seed.value, epoch: epoch, step: step,
      bestMetricBits: best?.metric.bitPattern, bestEpoch: best?.epoch,
      losses: history.map(\.loss.bitPattern), metrics: history.map { $0.metric?.bitPattern })
    try Safetensors(arrays: arrays, metadata: ["state": try encoded(state)]).write(to: path)
  }

  /// Goes on from a checkpoint. Needs: a run with the same recipe and seed on the same examples.
  public func resume(from path: String) throws {
    let file = try Safetensors(readingFrom: path)
    let state = try decoded(State.self, "state", of: file, path)
    guard state.architecture == architecture, state.seed == seed.value, state.training == recipe.training
    else {
      throw WeightFileError.damaged(
        path: path, reason: "it is a checkpoint of another run (other settings, seed or columns)")
    }
    var arrays: [String: Matrix] = [:]
    for array in file.arrays { arrays[array.name] = array.value }
    func take(_ name: String, like panel: Panel) throws -> Matrix {
      guard let matrix = arrays[name], matrix.rows == panel.rows, matrix.columns == panel.columns else {
        throw WeightFileError.missing(path: path, what: name)
      }
      return matrix
    }
    for parameter in network.parameters {
      parameter.value.copy(from: Panel(try take("value/\(parameter.name)", like: parameter.value)))
      parameter.firstMoment.copy(from: Panel(try take("first/\(parameter.name)", like: parameter.value)))
      parameter.secondMoment.copy(from: Panel(try take("second/\(parameter.name)", like: parameter.value)))
    }
    if let epoch = state.bestEpoch, let bits = state.bestMetricBits {
      let weights = try network.parameters.map {
        NetworkModel.NamedMatrix(name: $0.name, value: try take("best/\($0.name)", like: $0.value))
      }
      best = (epoch, Double(bitPattern: bits), weights)
    } else {
      best = nil
    }
    epoch = state.epoch
    step = state.step
    history = zip(state.losses, state.metrics).enumerated().map { index, pair in
      .init(
        epoch: index + 1, loss: Double(bitPattern: pair.0), metric: pair.1.map { Double(bitPattern: $0) })
    }
  }
}
