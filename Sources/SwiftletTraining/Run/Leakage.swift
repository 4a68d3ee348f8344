// SPDX-License-Identifier: Apache-2.0
//
// Leakage: columns that contain the answer, or no information at all.
//
// A feature that is the target under another name makes a model that is right every time and useless; a
// column of identifiers can be memorized and says nothing about the next row.
//
// Before    Question.swift     After    Fold.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// Warnings about feature columns, each with its remedy.
///
/// - Parameters:
///   - features: The feature columns, of the rows that have a target.
///   - head: What is predicted.
///   - truth: What is true of the same rows.
public func leakageWarnings(_ features: Table, _ head: any Head, _ truth: Truth) -> [String] {
  features.columns.compactMap { column in
    let name = quoted(column.name)
    let remedy = "leave it out with \(setFlag("features.exclude", [.string(column.name)]))"
    if head.isGivenAway(by: column, truth) {
      return "\(name) gives the target away. If it would not be known when the model is asked, \(remedy)."
    }
    if looksLikeIdentifier(column) {
      return "\(name) has another value in every row, as an identifier has; if it is one, \(remedy)."
    }
    return nil
  }
}

/// Whether the values are whole numbers or texts that are all distinct.
private func looksLikeIdentifier(_ column: Column) -> Bool {
  guard column.count >= 30 else { return false }
  if let categories = column.categories {
    return column.type == .text && column.missingCount == 0 && categories.count == column.count
  }
  guard column.isCanonical, let numbers = column.numbers else { return false }
  var seen: Set<Double> = []
  guard numbers.allSatisfy({ !$0.isNaN && seen.insert($0).inserted }) else { return false }
  // Distinct whole numbers that lie close together: a count of rows, and no measurement.
  let span = (seen.max() ?? 0) - (seen.min() ?? 0)
  return span < Double(numbers.count) * 4
}
