// SPDX-License-Identifier: Apache-2.0
//
// ReportedModel: what the sections of a report look at.
//
// The model is measured again, by the same predictor that answers for it, so that intervals and curves belong to the figures
// beside them. If its data are gone or have changed, the report says so and shows what the bundle remembers.
//
// Before    ReportCommand.swift     After    ReportSection.swift

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTraining
import SwiftletUnderstanding

/// A model with what was measured of it.
struct ReportedModel {
  /// The folder of the model.
  let path: String
  let bundle: ModelBundle
  /// The recipe that it was trained by.
  let recipe: Recipe
  /// The rows of its data; `nil` if they are gone or have changed.
  let judged: JudgedData?
  /// The part of each row; `nil` for a row without a target.
  let parts: [Split?]
  /// The model on the rows that judge it.
  let evaluation: Evaluation?
  /// The same rows, with what each of them adds to the loss.
  let answered: AnsweredRows?
  /// Why it was not measured again.
  let absence: String?

  /// Loads a model, and measures it.
  ///
  /// - Throws: `FormatError` for a bundle that cannot be read.
  init(_ path: String) throws {
    self.path = path
    bundle = try ModelBundle.load(from: path)
    recipe = try bundle.recipe()
    var measured: Measured?
    var absence: String?
    do {
      measured = try Measured(bundle, recipe)
    } catch let error as FormatError {
      absence = "\(error)"
    } catch let error as DataError {
      absence = "\(error)"
    }
    self.absence = absence
    judged = measured?.judged
    parts = measured?.parts ?? []
    evaluation = measured?.evaluation
    answered = measured?.answered
  }

  /// The rows of a model, and how it answers those that judge it.
  private struct Measured {
    let judged: JudgedData
    let parts: [Split?]
    let evaluation: Evaluation
    let answered: AnsweredRows

    init(_ bundle: ModelBundle, _ recipe: Recipe) throws {
      judged = try ReportedModel.data(of: bundle, recipe)
      parts = try judged.parts()
      var evaluation = try judged.evaluation(of: ReportedModel.split(of: bundle))
      evaluation.addIntervals()
      self.evaluation = evaluation
      answered = try AnsweredRows(judged.rows(of: ReportedModel.split(of: bundle)))
    }
  }

  private static func data(of bundle: ModelBundle, _ recipe: Recipe) throws -> JudgedData {
    guard recipe.data != "-" else { throw DataError("Its data came through standard input and were not kept.") }
    guard FileManager.default.fileExists(atPath: recipe.data) else {
      throw DataError("Its data, \(recipe.data), are not there from this folder.")
    }
    let judged = try JudgedData(bundle, DataLoader(recipe))
    guard judged.isTrainingData else { throw DataError("Its data, \(recipe.data), have changed since the training.") }
    return judged
  }

  private static func split(of bundle: ModelBundle) -> Split {
    bundle.training["metrics"]?.members?.last.flatMap { Split(rawValue: $0.name) } ?? .test
  }

  /// The rows that judge.
  var split: Split { ReportedModel.split(of: bundle) }

  /// The figures on the rows that judge: measured again with intervals, or as the bundle remembers them.
  var metrics: [Metric] { evaluation?.metrics ?? metrics(of: split) }

  /// The figures of a part, as the bundle remembers them.
  func metrics(of split: Split) -> [Metric] { metrics(in: bundle.training["metrics"]?[split.rawValue]) }

  /// What the simplest answer reaches on the rows that judge.
  var baseline: [Metric] { metrics(in: bundle.training["baseline"]) }

  private func metrics(in json: JSONValue?) -> [Metric] {
    (json?.members ?? []).compactMap { member in member.value.number.map { Metric(member.name, $0) } }
  }

  /// The measure that the model is judged by.
  var headline: String { bundle.head.watchedMetric }

  /// The rows of a part, as positions in the data.
  func rows(_ split: Split) -> [Int] { parts.indices.filter { parts[$0] == split } }
}
