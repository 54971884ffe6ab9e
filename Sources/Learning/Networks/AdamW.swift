// The optimizer: each weight moves against its gradient, in steps that its own history makes even.
//
// Loshchilov & Hutter: Decoupled weight decay regularization (2019).

import CKernels
import Compute
import Foundation

/// AdamW with the gradient's length limited.
public struct AdamW: Sendable {
  public var weightDecay: Float = 0
  /// An L2 penalty on the weights of the first layer alone, as Kipf & Welling train: part of the gradient, so that the
  /// steps' own size does not hide it.
  public var firstLayerPenalty: Float = 0
  public var beta1: Float = 0.9
  public var beta2: Float = 0.999
  public var epsilon: Float = 1e-8
  /// Gradients longer than this, all parameters together, are scaled down to it; nil: never.
  public var longestGradient: Float?

  public init(weightDecay: Float = 0, firstLayerPenalty: Float = 0, longestGradient: Float? = nil) {
    self.firstLayerPenalty = firstLayerPenalty
    self.weightDecay = weightDecay
    self.longestGradient = longestGradient
  }

  /// One step, counted from 1, with the gradients that the parameters hold; those become zero.
  public func step(_ parameters: [Parameter], number: Int, rate: Float) {
    var scale: Float = 1
    if let longest = longestGradient {
      let length = parameters.reduce(0.0) { sum, parameter in
        (0..<parameter.gradient.count).reduce(sum) { $0 + pow(Double(parameter.gradient.start[$1]), 2) }
      }.squareRoot()
      if length > Double(longest) { scale = longest / Float(length) }
    }
    let c1 = 1 - pow(Double(beta1), Double(number))
    let c2 = 1 - pow(Double(beta2), Double(number))
    let first = parameters.firstIndex(where: \.decays)
    for (index, parameter) in parameters.enumerated() {
      let settings = rg_adamw_settings(
        rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: parameter.decays ? weightDecay : 0,
        penalty: index == first ? firstLayerPenalty : 0,
        correction1: Float(1 / c1), correction2: Float(1 / c2.squareRoot()), gradient_scale: scale)
      rg_adamw(
        parameter.value.count, parameter.value.start, parameter.gradient.start, parameter.firstMoment.start,
        parameter.secondMoment.start, settings)
      parameter.gradient.clear()
    }
  }
}
