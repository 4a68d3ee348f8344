// SPDX-License-Identifier: Apache-2.0
//
// Schedules: how the learning rate changes while training.
//
// Large steps at first, small ones towards the end: a run that keeps its first rate jumps around the
// minimum that it could settle into.
//
// Before    Optimizers/Clipping.swift     After    Optimizers/LineSearch.swift
// Source    Loshchilov, Hutter, "SGDR" (2016), arXiv:1608.03983, equation 5, for the cosine

import Foundation
import SwiftletTensors

/// A factor on the learning rate for each step of training.
public enum Schedule: Sendable, Equatable {
  /// Always 1.
  case constant
  /// Times `factor` after every `every` epochs.
  case step(every: Int, factor: Float)
  /// Half a cosine, from 1 to 0 at the last step.
  case cosine
  /// From 0 to 1 over the first part of the run, then as another schedule over the rest.
  indirect case warmUp(fraction: Float, then: Schedule)

  /// The factor at one step.
  ///
  /// - Parameters:
  ///   - step: Counted from 0.
  ///   - stepsPerEpoch: At least 1.
  ///   - totalSteps: At least 1.
  public func factor(atStep step: Int, stepsPerEpoch: Int, totalSteps: Int) -> Float {
    switch self {
    case .constant: return 1
    case .step(let every, let factor): return powf(factor, Float(step / max(1, stepsPerEpoch) / max(1, every)))
    case .cosine: return 0.5 * (1 + cosf(.pi * Float(step) / Float(max(1, totalSteps))))
    case .warmUp(let fraction, let then):
      guard fraction >= 0, fraction < 1 else {
        stop("Schedule.warmUp: the first part of the run is from 0 up to but not including 1, not \(fraction)")
      }
      let warmUpSteps = Int((fraction * Float(totalSteps)).rounded())
      guard step >= warmUpSteps else { return Float(step + 1) / Float(warmUpSteps) }
      return then.factor(atStep: step - warmUpSteps, stepsPerEpoch: stepsPerEpoch, totalSteps: totalSteps - warmUpSteps)
    }
  }
}
