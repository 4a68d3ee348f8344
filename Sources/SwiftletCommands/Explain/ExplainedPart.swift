// SPDX-License-Identifier: Apache-2.0
//
// ExplainedPart: one answer of `swiftlet explain`.
//
// Before    EvaluateCommand.swift     After    ImportancePart.swift

import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletReports
import SwiftletTraining
import SwiftletUnderstanding

/// A part of an explanation: a file of its own, and a line of `ExplainedParts.all`.
protocol ExplainedPart: Sendable {
  /// The word by which it is chosen, and its name in the JSON.
  static var name: String { get }
  /// What it says, for the help.
  static var help: String { get }

  /// Whether it is told if --part names none.
  static func isTold(_ subject: ExplainedModel) -> Bool

  /// Computes it.
  ///
  /// - Throws: `DataError` with the reason if it does not exist for this model or these rows.
  init(_ subject: ExplainedModel) throws

  /// It in words and tables, without an empty line at either end.
  var text: String { get }
  /// It as an object.
  var json: JSONValue { get }
  /// Its pictures, each with the name of its file.
  var pictures: [Picture] { get }
}

extension ExplainedPart {
  static func isTold(_ subject: ExplainedModel) -> Bool { true }
  var pictures: [Picture] { [] }
}

/// A picture of a part.
struct Picture {
  let file: String
  let chart: any Chart
}

/// The parts of an explanation. To add one, write its file and a line in `all`.
enum ExplainedParts {
  /// Every part, in the order in which they are told.
  static let all: [any ExplainedPart.Type] = [
    ImportancePart.self, WrongRowsPart.self, CalibrationPart.self, SlicesPart.self, DependencePart.self, RowsPart.self,
    FairnessPart.self,
  ]

  /// A line for each, for the help.
  static var help: String { all.map { "  \($0.name): \($0.help)" }.joined(separator: "\n") }
}

/// What is explained: a model, on some rows.
struct ExplainedModel {
  let bundle: ModelBundle
  let rows: AnsweredRows
  /// How many entries a list has at most.
  let top: Int
  /// The columns whose groups are compared.
  let groupColumns: [String]
  /// Where the rows come from.
  let loader: DataLoader
  /// Whether they are exactly the data that the model was trained on.
  let isTrainingData: Bool
  /// Whether no progress is shown.
  let isQuiet: Bool
}
