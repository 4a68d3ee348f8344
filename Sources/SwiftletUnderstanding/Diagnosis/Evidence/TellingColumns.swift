// SPDX-License-Identifier: Apache-2.0
//
// Columns that tell the target alone.
//
// A column that nearly sorts the rows by their class knows the answer: it was written down after it. The measure is one of
// ranks, so that neither a unit nor a bent scale matters.
//
// Before    DataEvidence.swift     After    Explanation/AnsweredRows.swift
// Source    Fawcett, "An introduction to ROC analysis" (2006), section 7; Hand, Till, "A Simple Generalisation of the Area
//           Under the ROC Curve for Multiple Class Classification Problems" (2001), for more than two classes

import SwiftletModels
import SwiftletTables
import SwiftletTraining

/// How well each feature column tells the target without any other, measured on some training rows.
///
/// - Complexity: O(F · P · N log N) for F columns, P pairs of classes and N rows.
func tellingColumns(_ data: PreparedData, _ positions: [Int32]) -> [RunEvidence.TellingColumn] {
  let all = data.fold.rows(.train)
  let rows = positions.map { all[Int($0)] }
  let truth = data.experiment.truth.selecting(rows)
  let classCount = data.head.labels.count
  guard rows.count >= 30, classCount <= 20 else { return [] }
  return data.pipeline.columnNames.compactMap { name in
    guard let column = data.experiment.features[name], let numbers = column.numbers?.gathered(rows[...]) else {
      return nil
    }
    let present = numbers.indices.filter { !numbers[$0].isNaN }
    // What is known of few rows can be chance.
    guard 2 * present.count >= rows.count, present.count >= 30 else { return nil }
    let values = present.map { numbers[$0] }
    let share =
      classCount > 0
      ? leastArea(values, present.map { truth.labels[$0] }, classCount)
      : truth.numbers.count == 1 ? explained(values, present.map { truth.numbers[0][$0] }) : nil
    return share.map { .init(name, share: $0) }
  }
}

/// The area under the ROC curve of the two classes that a column tells apart worst, whichever way round.
private func leastArea(_ values: [Double], _ labels: [Int32], _ classCount: Int) -> Double? {
  var rowsOf = Array(repeating: [Int](), count: classCount)
  for (row, label) in labels.enumerated() { rowsOf[Int(label)].append(row) }
  var least = 1.0
  for first in 0..<classCount {
    for second in first + 1..<classCount where least > 0.9 {
      guard rowsOf[first].count >= 5, rowsOf[second].count >= 5 else { return nil }
      let rows = rowsOf[first] + rowsOf[second]
      guard
        let area = areaUnderROC(
          scores: rows.map { Float(values[$0]) }, isPositive: rows.map { labels[$0] == Int32(second) })
      else { return nil }
      least = min(least, max(area, 1 - area))
    }
  }
  return least
}

/// R² of a straight line.
private func explained(_ x: [Double], _ y: [Double]) -> Double? {
  let (centerX, centerY) = (mean(x), mean(y))
  var xx = 0.0
  var yy = 0.0
  var xy = 0.0
  for (x, y) in zip(x, y) {
    xx += (x - centerX) * (x - centerX)
    yy += (y - centerY) * (y - centerY)
    xy += (x - centerX) * (y - centerY)
  }
  return xx > 0 && yy > 0 ? xy * xy / (xx * yy) : nil
}
