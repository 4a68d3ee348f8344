// SPDX-License-Identifier: Apache-2.0
//
// The history of a run: a line of figures for each epoch, kept in the bundle as history.csv.
//
// Before    Trainer.swift     After    ConvexFit.swift

import SwiftletFormats

struct History {
  private(set) var csv: String

  init(hasValidation: Bool, metric: String) {
    csv = csvLine(
      ["epoch", "train_loss"] + (hasValidation ? ["validation_loss", "validation_" + metric] : []) + ["learning_rate"])
  }

  mutating func add(epoch: Int, trainLoss: Double, validation: (loss: Double, metric: Double)?, rate: Float?) {
    let figures = [trainLoss] + (validation.map { [$0.loss, $0.metric] } ?? [])
    csv += csvLine(["\(epoch)"] + figures.map { History.text($0) } + [rate.map { "\($0)" } ?? ""])
  }

  /// Six digits: as many as say something, and the same text for the same run.
  private static func text(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "\(value)" }
    var scale = 1.0
    while value.magnitude * scale < 1e5, scale < 1e15 { scale *= 10 }
    return "\((value * scale).rounded() / scale)"
  }
}
