// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet explain MODEL --calibrate NEW`: a model whose probabilities are nearer to what happens.
//
// The temperature is fitted on the validation rows, and becomes part of the last layer, so that everything that serves or
// exports a model works as before. The test rows are measured, and decide nothing.
//
// Before    FairnessPart.swift     After    ExplainCommand.swift

import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTraining
import SwiftletUnderstanding

/// Fits a temperature, and writes the model that has it.
struct Calibrating {
  let bundle: ModelBundle
  let loader: DataLoader
  /// The folder of the model.
  let model: String
  /// The folder of the new model.
  let path: String

  /// What came of it.
  struct Result {
    let temperature: Temperature
    /// The splits that were measured, each before and after.
    let figures: [Figure]
  }

  /// A split without and with the temperature.
  struct Figure {
    let split: Split
    let before: Calibration
    let after: Calibration
    let lossBefore: Double
    let lossAfter: Double
  }

  /// - Throws: `DataError` if the validation rows are not known.
  func result() throws -> Result {
    let data = try JudgedData(bundle, loader)
    guard data.isTrainingData else {
      throw DataError(
        "A temperature is fitted on the validation rows of the training, and these are not the data that \(bundle.name) was "
          + "trained on.")
    }
    let splits = try data.splits
    guard splits.contains(.validation) else { throw noValidation }
    let rows = try AnsweredRows(data.rows(of: .validation))
    let temperature = try Temperature(rows)
    guard temperature.isAccepted else { return Result(temperature: temperature, figures: []) }
    var tempered = try temperature.applied(to: bundle)
    let after = try JudgedData(tempered, loader)
    let figures = try splits.filter { $0 != .train }.map { split in
      let before = try AnsweredRows(data.rows(of: split))
      let own = try AnsweredRows(after.rows(of: split))
      return try Figure(
        split: split, before: Calibration(before), after: Calibration(own), lossBefore: before.loss.value,
        lossAfter: own.loss.value)
    }
    let measured = try measured(after, splits)
    tempered.training = tempered.training.setting([
      .init("metrics", measured.metricsJSON), .init("temperature", temperature.json),
    ])
    tempered.card = try card(of: tempered, measured, data.loaded) + text(temperature, figures)
    try writing { [tempered] in try tempered.save(to: path) }
    return Result(temperature: temperature, figures: figures)
  }

  private var noValidation: DataError {
    DataError(
      "\(bundle.name) was trained without validation rows, on which a temperature is fitted. Train it again with "
        + "\(setFlag("split.validation", 0.2)).")
  }

  /// What the model with the temperature reaches on each part of the rows.
  private func measured(_ data: JudgedData, _ splits: [Split]) throws -> Figures {
    let parts = try splits.map { split in
      var evaluation = try data.evaluation(of: split)
      if split == splits.last { evaluation.addIntervals() }
      return Figures.Part(split, rowCount: evaluation.rows, metrics: evaluation.metrics)
    }
    let baseline = (bundle.training["baseline"]?.members ?? []).compactMap { member in
      member.value.number.map { Metric(member.name, $0) }
    }
    return Figures(parts: parts, baseline: baseline)
  }

  /// The card anew, for every figure in it may be another one.
  private func card(of tempered: ModelBundle, _ figures: Figures, _ loaded: LoadedData) throws -> String {
    let earlier = CardText(bundle.card)
    let again = [earlier.command, shellCommand(["swiftlet", "explain", model, "--calibrate", path])].compactMap { $0 }
    let kind = try ModelKinds.named(bundle.kind)
    return ModelCard(
      title: loaded.dataset?.title ?? loaded.name, model: kind.title(bundle.network), dataset: loaded.name,
      citation: loaded.dataset?.citation, licence: loaded.dataset?.licence, command: again.joined(separator: "\n"),
      figures: figures, warnings: earlier.warnings
    ).markdown(for: tempered)
  }

  private func text(_ temperature: Temperature, _ figures: [Figure]) -> String {
    let lines = figures.map { figure in
      "On the \(figure.split.rawValue) rows the log loss went from \(decimals(figure.lossBefore, 4)) to "
        + "\(decimals(figure.lossAfter, 4))."
    }
    return "\n## Calibration\n\nThe scores are divided by the temperature \(decimals(temperature.value, 4)), fitted on "
      + "\(temperature.rowCount) validation rows. \(lines.joined(separator: " "))\n"
  }
}

extension Calibrating.Result {
  var text: String {
    let title = "Temperature \(decimals(temperature.value, 4)), fitted on \(temperature.rowCount) validation rows"
    guard temperature.isAccepted else { return "\(title)\n\(temperature.reason) Nothing is saved." }
    let rows = figures.flatMap { figure in
      [
        [
          "log loss, \(figure.split.rawValue) rows", decimals(figure.lossBefore, 4), decimals(figure.lossAfter, 4),
        ],
        [
          "calibration error, \(figure.split.rawValue) rows", decimals(figure.before.error, 4),
          decimals(figure.after.error, 4),
        ],
      ]
    }
    return "\(title)\n\(temperature.reason)\n\n" + textTable([["", "before", "after"]] + rows)
  }

  var json: JSONValue {
    let splits = figures.map { figure in
      JSONValue.Member(
        figure.split.rawValue,
        [
          "log_loss": .number(figure.lossBefore), "log_loss_with_it": .number(figure.lossAfter),
          "ece": .number(figure.before.error), "ece_with_it": .number(figure.after.error),
        ])
    }
    return ["temperature": temperature.json, "splits": .object(splits)]
  }
}

extension JSONValue {
  /// An object with these members in place of those of the same names.
  fileprivate func setting(_ members: [Member]) -> JSONValue {
    let names = Set(members.map(\.name))
    return .object((self.members ?? []).filter { !names.contains($0.name) } + members)
  }
}
