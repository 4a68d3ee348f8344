// SPDX-License-Identifier: Apache-2.0
//
// The watch: how long a fit takes, and how far it has come.
//
// Before    TrainingState.swift     After    Checkpoint.swift

/// The clock of a fit. Looking at validation rows does not count as fitting.
struct Watch {
  let epochCount: Int
  let stepsPerEpoch: Int
  let exampleCount: Int
  /// The steps that were taken before the clock was started.
  let firstStep: Int
  /// The time spent before.
  let earlierSeconds: Double
  private let start = ContinuousClock.now
  private var pauses = Duration.zero

  init(_ state: TrainingState, epochCount: Int, stepsPerEpoch: Int, exampleCount: Int) {
    self.epochCount = epochCount
    self.stepsPerEpoch = stepsPerEpoch
    self.exampleCount = exampleCount
    firstStep = state.step
    earlierSeconds = state.earlierSeconds
  }

  /// Seconds of the fit, pauses included.
  var seconds: Double { earlierSeconds + (ContinuousClock.now - start).seconds }
  /// Seconds since the clock was started, without pauses.
  private var fittingSeconds: Double { max((ContinuousClock.now - start - pauses).seconds, 1e-9) }

  /// Does something that is not counted.
  mutating func pausing<R>(_ body: () -> R) -> R {
    let start = ContinuousClock.now
    defer { pauses += ContinuousClock.now - start }
    return body()
  }

  /// Number of examples per second.
  func examplesPerSecond(afterStep step: Int) -> Double {
    Double(step - firstStep) * Double(exampleCount) / Double(stepsPerEpoch) / fittingSeconds
  }

  /// How far the fit has come after a step.
  func progress(_ figures: EpochFigures, fraction: Double, step: Int) -> FitProgress {
    let perStep = fittingSeconds / Double(max(step - firstStep, 1))
    return FitProgress(
      figures: figures, epochCount: epochCount, fraction: fraction,
      examplesPerSecond: examplesPerSecond(afterStep: step),
      secondsLeft: perStep * Double(stepsPerEpoch * epochCount - step))
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
