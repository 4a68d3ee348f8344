// SPDX-License-Identifier: Apache-2.0
//
// ConfusionMatrixPlot: which classes were confused.
//
// A row is what an example was, so its shares show how much of a class was found. Right answers are blue, wrong
// ones orange, and stronger for a larger share of the row: a rare class is as visible as a frequent one. No cell is
// so strong that the text on it would have to change its color, on a light page or on a dark one.
//
// Before    ScatterPlot.swift     After    PanelChart.swift

import Foundation

/// Counts of labels against predictions.
public struct ConfusionMatrixPlot: Chart {
  /// The title above the matrix.
  public var title: String
  /// C names of classes.
  public var labels: [String]
  /// C rows of C counts; rows are the true labels.
  public var counts: [[Int]]

  /// A plot of counts by label.
  public init(title: String, labels: [String], counts: [[Int]]) {
    self.title = title
    self.labels = labels
    self.counts = counts
  }

  public func svg(_ form: PictureForm) -> String {
    let classCount = min(labels.count, counts.count)
    let cell = max(26, min(84, 420 / Double(max(1, classCount))))
    let longest = labels.map { min($0.count, 16) }.max() ?? 1
    let left = 64 + 8 * Double(longest)
    let top = 92.0
    let size = cell * Double(classCount)
    var picture = SVG(
      width: max(360, left + size + 40, 48 + 9.5 * Double(min(64, title.count))), height: top + size + 32, title: title,
      description: description(classCount))
    picture.text(SVG.shortened(title, to: 64), x: 24, y: 28, "title")
    picture.text("predicted", x: left + size / 2, y: 54, "small", anchor: "middle")
    picture.text("true", x: 28, y: top + size / 2, "small", anchor: "middle", turned: true)
    for (row, total) in counts.prefix(classCount).map({ $0.reduce(0, { $0 &+ $1 }) }).enumerated() {
      let y = top + Double(row) * cell
      picture.text(SVG.shortened(labels[row], to: 16), x: left - 10, y: y + cell / 2 + 4, anchor: "end")
      let width = Int(cell / 8)
      picture.text(
        SVG.shortened(labels[row], to: max(1, width)), x: left + (Double(row) + 0.5) * cell, y: top - 10,
        anchor: "middle")
      for (column, count) in counts[row].prefix(classCount).enumerated() {
        let share = total > 0 ? Double(count) / Double(total) : 0
        let x = left + Double(column) * cell
        picture.add(
          "rect",
          [
            "class": column == row ? "f0" : "f1", "x": SVG.number(x + 1), "y": SVG.number(y + 1),
            "width": SVG.number(cell - 2), "height": SVG.number(cell - 2), "rx": "3",
            "opacity": count == 0 ? "0.04" : String(format: "%.2f", 0.1 + 0.5 * min(1, max(0, share))),
          ])
        let middle = y + cell / 2
        picture.text(
          "\(count)", x: x + cell / 2, y: cell >= 48 ? middle : middle + 4,
          count == 0 ? "small" : "bold", anchor: "middle")
        if cell >= 48, total > 0 {
          picture.text(
            "\(SVG.number(share * 100)) %", x: x + cell / 2, y: middle + 17, count == 0 ? "small" : "share",
            anchor: "middle")
        }
      }
    }
    return picture.written(form)
  }

  public var numbers: NumberTable {
    NumberTable(
      columns: ["true, predicted"] + labels,
      rows: zip(labels, counts).map { label, row in [label] + row.prefix(labels.count).map { String($0) } })
  }

  private func description(_ classCount: Int) -> String {
    let found = (0..<classCount).map { row in
      let total = counts[row].reduce(0, { $0 &+ $1 })
      let right = row < counts[row].count ? counts[row][row] : 0
      return "of \(total) \(labels[row]), \(right) were found"
    }
    return "Rows are true labels, columns predictions: " + found.joined(separator: "; ") + "."
  }
}
