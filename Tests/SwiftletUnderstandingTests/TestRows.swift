// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors

@testable import SwiftletUnderstanding

/// A model of one linear layer with given parameters.
///
/// - Parameters:
///   - table: Its columns are standardized.
///   - weights: A list for each score.
func linearModel(_ table: Table, _ head: any Head, weights: [[Float]], biases: [Float]) throws -> ModelBundle {
  let (pipeline, _) = try Pipeline.fit(table)
  let layer = Linear(
    weight: Tensor(weights.flatMap { $0 }, shape: [biases.count, pipeline.width]),
    bias: Tensor(biases, shape: [biases.count]))
  return try ModelBundle(
    name: "small", target: "truth", head: head, pipeline: pipeline, kind: "logistic", network: Sequential(layer),
    training: .null, history: "", card: "")
}

func table(_ csv: String) throws -> Table { try TableReader().readCSV(.memory(Array(csv.utf8), name: "t.csv")) }

/// All rows of a table, answered; `train` are its training rows.
func answered(_ bundle: ModelBundle, _ table: Table, _ truth: Truth, train: [Int32] = []) throws -> AnsweredRows {
  let rows = (0..<Int32(table.rowCount)).map { $0 }
  return try AnsweredRows(
    JudgedRows(bundle, table, rows: rows, truth, train: train, trainTruth: truth.selecting(train)))
}

/// A column of numbers as it would stand in a file.
func column(_ name: String, _ values: [Double]) throws -> Column {
  try table(([name] + values.map { "\($0)" }).joined(separator: "\n") + "\n").columns[0]
}
