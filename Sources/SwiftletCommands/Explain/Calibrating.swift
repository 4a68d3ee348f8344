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
    let metrics = try (bundle.training["metrics"]?.members ?? []).map { part in
      guard let split = Split(rawValue: part.name) else { return part }
      return JSONValue.Member(part.name, try after.evaluation(of: split).metrics.json)
    }
    tempered.training = tempered.training.setting([
      .init("metrics", .object(metrics)), .init("temperature", temperature.json),
    ])
    tempered.card += card(temperature, figures)
    try writing { [tempered] in try tempered.save(to: path) }
    return Result(temperature: temperature, figures: figures)
  }

  private var noValidation: DataError {
    DataError(
      "\(bundle.name) was trained without validation rows, on which a temperature is fitted. Train it again with "
        + "\(setFlag("split.validation", 0.2)).")
  }

  private func card(_ temperature: Temperature, _ figures: [Figure]) -> String {
    let lines = figures.map { figure in
      "On the \(figure.split.rawValue) rows the log loss went from \(decimals(figure.lossBefore, 4)) to "
        + "\(decimals(figure.lossAfter, 4))."
    }
    return "\n## Calibration\n\nThe scores are divided by the temperature \(decimals(temperature.value, 4)), fitted on "
      + "\(temperature.rowCount) validation rows. The figures above are from before. \(lines.joined(separator: " "))\n"
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
