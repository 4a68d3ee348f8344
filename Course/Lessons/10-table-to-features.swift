// SPDX-License-Identifier: Apache-2.0
//
// 10 · From a messy table to features, and a leak
//
// You will learn   what becomes of missing values and categories, and how a column that knows the answer fools you.
// It prints        Course/Expected/10-table-to-features.txt
// Try changing     an age to "?", a plan to one that nobody else has.

import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors
import SwiftletTraining

// Who cancelled? Somebody filled in this table at the end of the year.
let csv = """
  age,plan,calls,refund,cancelled
  34,basic,4,yes,yes
  ?,family,1,no,no
  51,basic,,no,no
  27,student,5,yes,yes
  45,family,0,no,no
  38,,3,yes,yes
  """
let table = try TableReader().readCSV(.memory(Array(csv.utf8), name: "customers.csv"))
for column in table.columns {
  print("\(column.name): \(column.type), \(column.missingCount) missing")
}
print()

// The pipeline learns from the training rows how to fill and to scale: the median for a missing number, a place of its
// own for a missing category. Each category becomes a column of zeros and ones.
let features = table.selecting(columns: ["age", "plan", "calls"])
let (pipeline, _) = try Pipeline.fit(features)
print(pipeline.featureNames.joined(separator: "  "))
let matrix = try pipeline.transform(features).features
print(matrix.rows(0..<matrix.rowCount).rounded(decimals: 2))  // [N, D]
print()

// A row from tomorrow, with a plan that the training rows did not have: zeros, and it is counted.
let tomorrow = try TableReader().readCSV(.memory(Array("age,plan,calls\n60,gold,2\n".utf8), name: "tomorrow.csv"))
let (unseen, unseenCount) = try pipeline.transform(tomorrow)
print("tomorrow, with \(unseenCount) unseen category: \(unseen.rows(0..<1).rounded(decimals: 2))")
print()

// The leak: a refund is paid after a customer has cancelled. It is right in every row, and will be empty in every row of
// tomorrow. No test on these rows can find that out: they all know the future. Ask of each column when it is filled in.
let (head, truth, _) = try Heads.prepare([table.column("cancelled", for: "the target")], as: ClassHead.self)
for warning in leakageWarnings(table.selecting(columns: ["age", "plan", "calls", "refund"]), head, truth) {
  print(warning)
}

// Exercises
// 1. Fit the pipeline with `numericScale = .minmax` (PipelineOptions). Which numbers can tomorrow's row have now?
// 2. Why is the pipeline fitted on the training rows only, and not on all that we have?
// Solutions/solutions-10.swift
