// SPDX-License-Identifier: Apache-2.0
//
// Where a model is worse than elsewhere, in words.
//
// Before    CalibrationPart.swift     After    DependencePart.swift

import SwiftletFormats
import SwiftletUnderstanding

/// The slices in which the loss is greater.
struct SlicesPart: ExplainedPart {
  static let name = "slices"
  static let help = "parts of the rows, by one column or two, in which the loss is greater by more than chance"

  private let slices: Slices

  init(_ subject: ExplainedModel) throws { slices = try Slices(subject.rows, limit: subject.top) }

  var json: JSONValue { slices.json }

  var text: String {
    let searched =
      "\(counted(slices.testedCount, "slice")) of at least \(counted(slices.leastRowCount, "row")), by one column or two, "
      + "\(slices.testedCount == 1 ? "was" : "were") looked at"
    guard !slices.slices.isEmpty else {
      return "Where it is worse than elsewhere: nowhere by more than chance\n\(searched)."
    }
    let rows = slices.slices.map { slice in
      [
        slice.conditions.joined(separator: ", "), "\(slice.rowCount)", decimals(slice.loss, 3),
        decimals(slice.otherLoss, 3), decimals(slice.effect, 2),
      ]
    }
    return """
      Where it is worse than elsewhere
      \(searched); at most 1 of 20 that are told is chance.

      \(textTable([["slice", "rows", "mean loss", "elsewhere", "effect"]] + rows))
      """
  }
}
