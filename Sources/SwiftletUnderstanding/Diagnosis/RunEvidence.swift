// SPDX-License-Identifier: Apache-2.0
//
// RunEvidence: what a diagnosis looks at.
//
// A rule needs a few numbers of a run, and never the run itself. So a run that is still going, a saved model of which only
// the losses are left, and a test can all be diagnosed; what is not known is empty, and the rules that need it are silent.
//
// Before    -     After    Finding.swift

import SwiftletTraining

/// What is known of a run. Losses are those of the fit: cross-entropy, or the squared error of standardized targets.
public struct RunEvidence: Sendable, Equatable {
  /// L, the training loss of each epoch.
  public var trainLosses: [Double] = []
  /// V, the validation loss of each epoch; empty if there are no validation rows.
  public var validationLosses: [Double] = []
  /// B, the loss of the simplest answer: the entropy of the classes' shares; 1 for a standardized number.
  public var baselineLoss: Double?
  /// How the fit ended; `nil` if it is not known, or has not ended.
  public var ending: Ending?
  /// The epoch at which the loss was no longer a number, if it came to that.
  public var divergedAt: Int?
  /// The learning rate of the recipe; `nil` for L-BFGS, which chooses its own steps.
  public var learningRate: Float?
  /// The flags that hold a model of this kind back; empty if the kind is not known.
  public var restraint: [String] = []
  /// The spread of each feature that is a number, as the network sees it.
  public var features: [Feature] = []
  /// How well each column alone tells the target.
  public var columns: [TellingColumn] = []
  /// The hidden units that can be silent, and those that are.
  public var silentUnits: SilentUnits?
  /// The classes of the training rows.
  public var classes: [ClassShare] = []
  /// The labels of the rows that judge; `nil` if they are not known.
  public var judgedLabels: Set<String>?
  /// The measures on the rows that judge, by their names.
  public var metrics: [String: Double] = [:]
  /// What a choice among several runs was made by.
  public var trials: TrialGap?

  /// Nothing is known.
  public init() {}

  /// b, the position of the least validation loss.
  var bestEpoch: Int? {
    validationLosses.indices.filter { validationLosses[$0].isFinite }.min {
      validationLosses[$0] < validationLosses[$1]
    }
  }

  /// 1 − V_b / B: 0 for a model that is no better than the simplest answer, 1 for one without any loss.
  var skill: Double? {
    guard let bestEpoch, let baselineLoss, baselineLoss > 0 else { return nil }
    return 1 - validationLosses[bestEpoch] / baselineLoss
  }

  /// What the validation loss lost in the last quarter of the epochs, where the last was the best.
  var lastFall: (before: Double, last: Double)? {
    let losses = validationLosses
    guard tookItsSteps, ending == .completed || ending == nil, losses.count > 1, bestEpoch == losses.count - 1,
      let last = losses.last
    else { return nil }
    return (losses[losses.count - 1 - max(1, losses.count / 4)], last)
  }

  /// Whether the loss still falls, by more than a hundredth: what is not over is neither too simple nor in vain.
  var isStillFalling: Bool { lastFall.map { $0.before - $0.last > 0.01 * $0.before } ?? false }

  /// Whether the fit takes steps of a chosen length, and took all that it was to take.
  var tookItsSteps: Bool { learningRate != nil && ending != .interrupted }
}

extension RunEvidence {
  /// A feature that is a number.
  public struct Feature: Sendable, Equatable {
    /// The column that it comes from.
    public var name: String
    /// Its standard deviation on training rows, after the pipeline.
    public var deviation: Double

    /// A feature with its spread.
    public init(_ name: String, deviation: Double) {
      self.name = name
      self.deviation = deviation
    }
  }

  /// A column, and how well it tells the target without any other.
  public struct TellingColumn: Sendable, Equatable {
    /// The column's name.
    public var name: String
    /// Of classes the area under the ROC curve, of the two that it tells apart worst; of a number the part of its variance
    /// that a straight line explains. From 0 to 1.
    public var share: Double

    /// A column with its share.
    public init(_ name: String, share: Double) {
      self.name = name
      self.share = share
    }
  }

  /// A class of the training rows.
  public struct ClassShare: Sendable, Equatable {
    /// The label.
    public var label: String
    /// Its part of the training rows, from 0 to 1.
    public var share: Double

    /// A class with its share.
    public init(_ label: String, share: Double) {
      self.label = label
      self.share = share
    }
  }

  /// Units of the hidden layers.
  public struct SilentUnits: Sendable, Equatable {
    /// The units behind an activation that can be 0 for a range of inputs.
    public var count: Int
    /// Those of them that are 0 for every row that was looked at.
    public var silentCount: Int

    /// Counts of units.
    public init(count: Int, silentCount: Int) {
      self.count = count
      self.silentCount = silentCount
    }
  }

  /// The two best of several runs.
  public struct TrialGap: Sendable, Equatable {
    /// The difference of their validation losses.
    public var difference: Double
    /// The standard error of a validation loss: the deviation of the rows' losses by the root of their number.
    public var standardError: Double

    /// A difference, and how sure a loss is.
    public init(difference: Double, standardError: Double) {
      self.difference = difference
      self.standardError = standardError
    }
  }
}
