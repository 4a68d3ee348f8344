// SPDX-License-Identifier: Apache-2.0
//
// A model of another toolkit on rows whose answers are known: there is no record of its training, so every row is new.
//
// Before    JudgedData.swift     After    Baseline.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables

extension Evaluation {
  /// Asks a model for the rows that have a target, and compares.
  ///
  /// - Parameters:
  ///   - model: The model that is asked.
  ///   - table: A table with the model's columns and the targets.
  ///   - targets: The columns that hold the true answers: one of labels, or one for each number that is predicted.
  /// - Throws: `DataError` if a column is absent or of another type, if no row has a target, and if there are other targets
  ///   than the model predicts.
  public init(_ model: any Model, _ table: Table, targets: [String]) throws {
    let head = model.signature.head
    let count = head.labels.isEmpty ? head.targetNames.count : 1
    guard targets.count == count else {
      throw DataError("The model predicts \(count) columns, and \(targets.count) targets are named.")
    }
    let columns = try targets.map { try table.column($0, for: "the target") }
    let rows = table.allRows.filter { row in columns.allSatisfy { !$0.isMissing(at: Int(row)) } }
    guard !rows.isEmpty else { throw DataError("There are no rows with a target in these data.") }
    let (truth, labels) = try Truth.read(columns, rows, for: head)
    let (features, unseenCount) = try model.features(of: table.selecting(rows: rows))
    var values = Array(repeating: Double.nan, count: rows.count * head.answerWidth)
    features.withUnsafeBufferPointer { features in
      values.withUnsafeMutableBufferPointer { model.answer(features: features, into: $0) }
    }
    guard !values.contains(where: \.isNaN) else { throw DataError("The model gives answers that are not numbers.") }
    try self.init(
      of: head, Answers(values: values, count: rows.count, width: head.answerWidth), unseenCount: unseenCount, truth,
      labels: labels)
    if rows.count < table.rowCount {
      notes.insert("Rows that have no target and were left out: \(table.rowCount - rows.count).", at: 0)
    }
  }
}

extension Truth {
  /// What is true of rows that have a target. There may be one class only, or one that the model does not know.
  static func read(
    _ columns: [Column], _ rows: [Int32], for head: any Head
  ) throws -> (truth: Truth, labels: [String]) {
    guard !head.labels.isEmpty else {
      let numbers = try columns.map { column in
        guard let numbers = column.numbers else {
          throw DataError(
            "The model predicts a number, and the target \(quoted(column.name)) holds \(column.type.rawValue).")
        }
        let chosen = numbers.gathered(rows[...])
        try NumberHead.checkSize(of: chosen, column.name)
        return chosen
      }
      return (Truth(numbers: numbers), [])
    }
    let texts = rows.map { columns[0].text(at: Int($0)) ?? "" }
    let names = sortedLabels(Array(Set(texts)))
    let positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
    return (Truth(labels: texts.map { positions[$0] ?? 0 }), names)
  }
}
