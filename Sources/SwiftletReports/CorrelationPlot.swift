// SPDX-License-Identifier: Apache-2.0
//
// CorrelationPlot: which columns go together.
//
// Before    Histogram.swift     After    Page/Page.swift

import Foundation

/// A number from −1 to 1 for each pair of columns.
package struct CorrelationPlot: Chart {
  package var title: String
  /// C names.
  package var names: [String]
  /// C rows of C numbers from −1 to 1; one that is not known is not finite.
  package var values: [[Double]]

  package init(title: String, names: [String], values: [[Double]]) {
    self.title = title
    self.names = names
    self.values = values
  }

  package func svg(_ form: PictureForm) -> String {
    let count = min(names.count, values.count)
    let cell = 44.0
    let longest = names.map { min($0.count, 20) }.max() ?? 1
    let left = 24 + 8 * Double(max(4, longest))
    var picture = SVG(
      width: max(360, left + cell * Double(max(0, count - 1)) + 24 + 7.5 * Double(longest)),
      height: 64 + cell * Double(count), title: title,
      description: description)
    picture.text(title, x: 16, y: 26, "title")
    for row in 0..<count {
      let y = 48 + Double(row) * cell
      picture.text(SVG.shortened(names[row], to: 20), x: left - 8, y: y + cell / 2 + 4, anchor: "end")
      // The name of a column stands above its first cell, so that none need be turned.
      picture.text(SVG.shortened(names[row], to: 20), x: left + Double(row) * cell + 6, y: y + cell / 2 + 4, "small")
      for column in 0..<min(row, values[row].count) where values[row][column].isFinite {
        let value = values[row][column]
        let x = left + Double(column) * cell
        picture.add(
          "rect",
          [
            "class": value < 0 ? "f1" : "f0", "x": SVG.number(x + 1), "y": SVG.number(y + 1),
            "width": SVG.number(cell - 2), "height": SVG.number(cell - 2), "rx": "3",
            "opacity": String(format: "%.2f", 0.04 + 0.56 * min(1, value.magnitude)),
          ])
        picture.text(CorrelationPlot.text(value), x: x + cell / 2, y: y + cell / 2 + 4, anchor: "middle")
      }
    }
    return picture.written(form)
  }

  package var numbers: NumberTable {
    NumberTable(
      columns: [""] + names,
      rows: zip(names, values).map { name, row in [name] + row.map { $0.isFinite ? CorrelationPlot.text($0) : "" } })
  }

  /// Two decimals, and no minus before a zero.
  private static func text(_ value: Double) -> String { String(format: "%.2f", (value * 100).rounded() / 100 + 0) }

  private var description: String {
    var best = (a: 0, b: 0, value: 0.0)
    for row in values.indices {
      for column in 0..<min(row, values[row].count) where values[row][column].magnitude > best.value.magnitude {
        best = (row, column, values[row][column])
      }
    }
    guard best.value != 0, best.a < names.count else { return "No two columns go together." }
    return
      "Of \(names.count) columns, \(names[best.a]) and \(names[best.b]) go together most, with \(SVG.short(best.value))."
  }
}
