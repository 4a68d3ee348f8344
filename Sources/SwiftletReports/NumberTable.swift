// SPDX-License-Identifier: Apache-2.0
//
// NumberTable: rows of texts and numbers under the names of their columns.
//
// Before    Series.swift     After    Chart.swift

import Foundation

/// Rows under the names of their columns.
public struct NumberTable: Sendable, Equatable {
  /// The names of the columns.
  public var columns: [String]
  /// Rows of as many cells.
  public var rows: [[String]]

  /// A table of cells that are texts already.
  ///
  /// - Parameters:
  ///   - columns: The names of the columns.
  ///   - rows: Rows of as many cells.
  public init(columns: [String], rows: [[String]]) {
    self.columns = columns
    self.rows = rows
  }

  /// Lines over one axis: a row for each place, a column for each line.
  init(of series: [Series], xLabel: String, yLabel: String) {
    var places: [Double: Int] = [:]
    var order: [Double] = []
    for x in series.flatMap(\.x) where places[x] == nil && !x.isNaN {
      places[x] = order.count
      order.append(x)
    }
    var cells = order.map { [NumberTable.text($0)] + series.map { _ in "" } }
    for (number, line) in series.enumerated() {
      for (x, y) in zip(line.x, line.y) {
        if let row = places[x] { cells[row][number + 1] = NumberTable.text(y) }
      }
    }
    let names = series.map { $0.name.isEmpty ? yLabel : $0.name }
    self.init(columns: [xLabel] + names, rows: order.indices.sorted { order[$0] < order[$1] }.map { cells[$0] })
  }

  /// A number as a cell shows it, with four digits that count; empty if there is none.
  public static func text(_ value: Double) -> String {
    guard value.isFinite else { return "" }
    let isWhole = value == value.rounded() && value.magnitude < 1e7
    return String(format: isWhole ? "%.0f" : "%.4g", value == 0 ? 0 : value)
  }
}
