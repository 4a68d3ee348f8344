// SPDX-License-Identifier: Apache-2.0
//
// What is known of a run that is over and whose rows are still there: the spread of its features, columns that tell too
// much, silent units and rare classes.
//
// All of it is measured on a few thousand training rows: a diagnosis must cost next to nothing beside the training.
//
// Shapes    N rows, D features
// Before    CurveEvidence.swift     After    TellingColumns.swift

import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import SwiftletTraining

extension RunEvidence {
  /// The most training rows that are looked at.
  static let rowLimit = 4096

  /// What a run shows that is over.
  public init(_ run: Run, _ outcome: TrainingOutcome) {
    self.init(outcome.fit.history, baselineLoss: RunEvidence.baselineLoss(outcome.bundle, run.recipe))
    learningRate = learningRate.map { _ in run.recipe.training.learningRate }
    ending = outcome.fit.ending
    restraint = RunEvidence.restraint(outcome.bundle)
    metrics = Dictionary(outcome.figures.judged.metrics.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    classes = RunEvidence.shares(of: run.data.train.truth, outcome.bundle.labels)
    let labels = outcome.bundle.labels
    let judging = run.data.experiment.truth.selecting(run.data.fold.rows(outcome.figures.judged.split)).labels
    if !labels.isEmpty { judgedLabels = Set(judging.map { labels[Int($0)] }) }
    let positions = RunEvidence.positions(in: run.data.train)
    let rows = run.data.train.features.gathered(positions[...])
    features = RunEvidence.features(run.data.pipeline, rows)
    columns = tellingColumns(run.data, positions)
    silentUnits = outcome.bundle.network.silentUnits(for: rows).map { .init(count: $0.count, silentCount: $0.silent) }
  }

  /// What a run shows whose loss was no longer a number.
  public init(_ run: Run, diverged error: DivergenceError) {
    self.init()
    learningRate = error.learningRate
    divergedAt = error.learningRate.map { _ in error.epoch }  // L-BFGS chooses its steps: they are not the cause
    let rows = run.data.train.features.gathered(RunEvidence.positions(in: run.data.train)[...])
    features = RunEvidence.features(run.data.pipeline, rows)
  }

  /// The training rows that are looked at: all of them, or some that chance has chosen.
  private static func positions(in train: Examples) -> [Int32] {
    guard train.count > rowLimit else { return (0..<Int32(train.count)).map { $0 } }
    var generator = Generator(seed: 0)
    return generator.permutation(of: train.count).prefix(rowLimit).sorted()
  }

  /// The part of the rows that each class has.
  private static func shares(of truth: Truth, _ labels: [String]) -> [ClassShare] {
    var counts = labels.map { _ in 0 }
    for label in truth.labels { counts[Int(label)] += 1 }
    return zip(labels, counts).map { ClassShare($0, share: Double($1) / Double(max(1, truth.count))) }
  }

  /// The standard deviation of each feature that is a number; of pictures that of all their pixels.
  private static func features(_ pipeline: Pipeline, _ rows: Tensor) -> [Feature] {
    guard pipeline.isTabular else { return [Feature(pipeline.columnNames[0], deviation: deviation(rows.scalars))] }
    let (n, d) = (rows.shape[0], pipeline.width)
    var position = 0
    return rows.withUnsafeScalars { scalars in
      zip(pipeline.encoders, pipeline.inputs).compactMap { encoder, input in
        defer { position += encoder.width }
        guard encoder.affine != nil, input.form == .number else { return nil }
        return Feature(encoder.name, deviation: deviation((0..<n).map { scalars[$0 * d + position] }))
      }
    }
  }

  private static func deviation(_ values: [Float]) -> Double {
    let center = values.reduce(0.0) { $0 + Double($1) } / Double(max(1, values.count))
    let squares = values.reduce(0.0) { $0 + (Double($1) - center) * (Double($1) - center) }
    return (squares / Double(max(1, values.count))).squareRoot()
  }
}
