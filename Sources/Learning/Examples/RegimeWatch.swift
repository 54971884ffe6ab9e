// Has the regime changed? A model that learned one time is asked about another.
//
// Trees are grown to tell the examples to be scored from those for training by their columns alone (without what only counts
// time). Where they can hardly, both come from one world. Where they can, and above all where what tells them apart is
// what the model leans on, its probabilities speak of a world that is gone: ranking may still be good, alarms are not.
//
// A classifier two-sample test: Lopez-Paz & Oquab: Revisiting classifier two-sample tests (2017).

import Compute
import Features

/// Compares the examples to be scored with those a model was trained on.
public struct RegimeWatch: Sendable {
  /// How well the two times can be told apart, out of sample: 0.5 not at all, 1 always.
  public let separation: Double
  /// The share of positives that the model expects among the later examples, and that it saw in training.
  public let expected: Double
  public let trained: Double

  /// Nil where there is nothing to compare.
  public init?(_ fitted: ExampleTraining.Fitted) throws { return nil }

  public var warning: String? { nil }
}
