// SPDX-License-Identifier: Apache-2.0
//
// ColumnText: a column of data in words.
//
// Before    Report/ReadmeFigures.swift     After    -

import Foundation
import SwiftletTables

/// A column of data in words.
enum ColumnText {
  /// What to know about a column before training on it.
  static func remarks(on column: Column) -> [(kind: String, sentence: String)] {
    let evidence = column.evidence
    let doubt = evidence.doubt.map { "Training would stop, unless it is told what to do: \($0)" }
    return [("doubt", doubt), ("note", evidence.note), ("warning", evidence.warning)]
      .compactMap { kind, sentence in sentence.map { (kind, $0) } }
  }

  /// The number of missing values, with the words for them that stand in the file: `12 (None 10, ? 2)`.
  static func missing(_ column: Column) -> String {
    let words = column.evidence.missing.filter { !$0.spelling.isEmpty }.prefix(3)
    let shown = words.map { "\($0.spelling) \($0.count)" }.joined(separator: ", ")
    return "\(column.missingCount)" + (shown.isEmpty ? "" : " (\(shown))")
  }

  /// The range of numbers, or the most frequent categories.
  static func summary(_ column: Column) -> String {
    if let numbers = column.numbers {
      let present = numbers.filter { !$0.isNaN }
      guard let low = present.min(), let high = present.max() else { return "none" }
      return "\(number(low)) … \(number(high)), mean \(number(present.reduce(0, +) / Double(present.count)))"
    }
    if let codes = column.codes, let categories = column.categories {
      var counts = Array(repeating: 0, count: categories.count)
      for code in codes where code >= 0 { counts[Int(code)] += 1 }
      let order = categories.indices.sorted { counts[$0] > counts[$1] }
      let shown = order.prefix(4).map { "\(categories[$0]) \(counts[$0])" }.joined(separator: ", ")
      return "\(categories.count) distinct: \(shown)\(categories.count > 4 ? ", …" : "")"
    }
    return column.images.map {
      "\($0.height) × \($0.width) pixels" + ($0.channels > 1 ? " × \($0.channels) channels" : "")
    } ?? "none"
  }

  static func number(_ value: Double) -> String { String(format: "%.4g", value) }
}
