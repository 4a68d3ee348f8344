// SPDX-License-Identifier: Apache-2.0
//
// AdoptedModel: a bundle whose parameters were learned elsewhere.
//
// Parameters alone answer nothing: they need the preparation of the rows, and the meaning of the scores. Both come from a recipe,
// fitted to its training rows as in every run, or from a model that is there. What the bundle reaches is measured here, on the
// rows of the same split, and never taken over.
//
// Before    TrainingOutcome.swift     After    SwiftletCommands

import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors

/// A bundle whose parameters were learned elsewhere.
public struct AdoptedModel: Sendable {
  /// The model.
  public package(set) var bundle: ModelBundle
  /// What it reaches on each part of the rows; no parts where the rows are not there.
  public let figures: Figures
  /// The names of parameters that were others: there, and here.
  public let renamed: [(there: String, here: String)]
  /// Warnings, each with its remedy.
  public let warnings: [String]

  /// What the figures are worth.
  static let caveat =
    "The parameters were learned elsewhere: if the rows that are the test here were training rows there, the figures are too "
    + "good."
}

extension Run {
  /// Describes, takes parameters from elsewhere, judges and records: a run without a fit.
  ///
  /// - Parameters:
  ///   - tensors: The parameters of the recipe's network, by their names or in their order.
  ///   - observer: Sees what is decided.
  /// - Throws: `DataError` for parameters of another network.
  public func adopting(
    _ tensors: [(name: String, tensor: Tensor)], _ observer: any RunObserver = NoObserver()
  ) throws -> AdoptedModel {
    let adoption = try untrainedNetwork().adoption(of: tensors, inputSize: data.pipeline.width)
    let fit = FitReport(
      ending: .imported, epochs: 0, bestEpoch: 0, seconds: 0, examplesPerSecond: 0,
      history: History(validationMetric: nil), warnings: [AdoptedModel.caveat])
    let outcome = try outcome(of: adoption.network, fit, observer)
    var bundle = outcome.bundle
    bundle.history = ""
    return AdoptedModel(
      bundle: bundle, figures: outcome.figures, renamed: adoption.renamed, warnings: outcome.warnings)
  }
}

extension ModelBundle {
  /// This model with parameters from elsewhere: the same preparation of rows, and the same labels.
  ///
  /// - Parameters:
  ///   - tensors: The parameters of this model's network, by their names or in their order.
  ///   - name: What the new model is called.
  ///   - source: The rows that this model was trained on; `nil` if they are not there.
  ///   - command: The command that makes it again, for the model card.
  /// - Throws: `DataError` for parameters of another network, and `FormatError` for rows that cannot be read.
  public func adopting(
    _ tensors: [(name: String, tensor: Tensor)], name: String, measuredOn source: (any DataSource)?, command: String
  ) throws -> AdoptedModel {
    let adoption = try network.adoption(of: tensors, inputSize: pipeline.width)
    var bundle = try ModelBundle(
      name: name, target: target, head: head, pipeline: pipeline, reading: reading, kind: kind,
      network: adoption.network, training: .null, history: "", card: "", illustration: illustration)
    // The record of the other parameters is not theirs: what is kept is which rows, and how they are split.
    let kept = ["recipe", "data_sha256", "swiftlet"]
    let record = (training.members ?? []).filter { kept.contains($0.name) }
    bundle.training = .object(record)
    let judged = try source.flatMap { source -> JudgedData? in
      let data = try JudgedData(bundle, source)
      return data.isTrainingData ? data : nil
    }
    let parts = try judged.map { try bundle.parts(of: $0) } ?? []
    let baseline =
      judged == nil
      ? []
      : (training["baseline"]?.members ?? []).compactMap { member in
        member.value.number.map { Metric(member.name, $0) }
      }
    let figures = Figures(parts: parts, baseline: baseline)
    let absent =
      "Nothing was measured: the rows that the other model was trained on are not there or have changed. Measure it with "
      + "evaluate --data FILE."
    let warnings = [judged == nil ? absent : AdoptedModel.caveat]
    bundle.training = .object(
      record + [
        .init("stopped", .string(Ending.imported.rawValue)), .init("metrics", figures.metricsJSON),
        .init("baseline", figures.baseline.json),
      ])
    let dataset = judged?.loaded.dataset
    bundle.card = try ModelCard(
      title: dataset?.title ?? target, model: ModelKinds.named(kind).title(adoption.network),
      dataset: judged?.loaded.name ?? target, citation: dataset?.citation, licence: dataset?.licence, command: command,
      figures: figures, warnings: warnings
    ).markdown(for: bundle)
    return AdoptedModel(bundle: bundle, figures: figures, renamed: adoption.renamed, warnings: warnings)
  }

  /// The measures on each part of the rows.
  private func parts(of data: JudgedData) throws -> [Figures.Part] {
    let splits = try data.splits
    return try splits.map { split in
      var evaluation = try data.evaluation(of: split)
      if split == splits.last { evaluation.addIntervals() }
      return Figures.Part(split, rowCount: evaluation.rows, metrics: evaluation.metrics)
    }
  }
}

extension Sequential {
  /// The network with parameters from elsewhere; an error is one of the data.
  fileprivate func adoption(of tensors: [(name: String, tensor: Tensor)], inputSize: Int) throws -> Adoption {
    do { return try adopting(tensors, inputSize: inputSize) } catch let error as LayerError {
      throw DataError("The parameters are not those of this network: \(error)")
    }
  }
}
