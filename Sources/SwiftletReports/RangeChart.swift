// SPDX-License-Identifier: Apache-2.0
//
// RangeChart: dots and lines, a row for each name.
//
// A dot is a value, the line through it says between which ends it probably is. A bar would say that it begins at zero.
//
// Before    PanelChart.swift     After    Histogram.swift
// Source    Cleveland, McGill, "Graphical Perception" (1984)

import Foundation

/// Values with their ranges, by name.
package struct RangeChart: Chart {
  /// A value with its range.
  package struct Row: Sendable, Equatable {
    package var name: String
    package var value: Double
    /// The ends of the line; `nil` if it is not known.
    package var range: ClosedRange<Double>?
    /// What the table says of it besides.
    package var note: String

    package init(_ name: String, _ value: Double, range: ClosedRange<Double>? = nil, note: String = "") {
      self.name = name
      self.value = value
      self.range = range
      self.note = note
    }
  }

  package var title: String
  package var xLabel: String
  package var rows: [Row]
  /// A value to compare with, and its name.
  package var mark: Mark?
  /// What the notes are.
  package var noteLabel = "rows"
  /// What the values are, and the ends of their lines.
  package var rangeLabels = ["from", "to"]
  /// Whether it stands beside others, and is as narrow as a panel.
  package var isPanel = false

  package init(title: String, xLabel: String, rows: [Row], mark: Mark? = nil) {
    self.title = title
    self.xLabel = xLabel
    self.rows = rows
    self.mark = mark
  }

  package func svg(_ form: PictureForm) -> String {
    let ends = rows.flatMap { row in [row.value] + (row.range.map { [$0.lowerBound, $0.upperBound] } ?? []) }
    let (width, mostLetters) = isPanel ? (350.0, 14) : (530.0, 26)
    let longest = rows.map { min($0.name.count, mostLetters) }.max() ?? 1
    let left = 24 + 8 * Double(max(4, longest))
    let height = 28 * Double(max(1, rows.count))
    let names = rows.enumerated().map { Frame.Tick(at: -Double($0), name: SVG.shortened($1.name, to: mostLetters)) }
    let frame = Frame(
      x: Axis(covering: ends + [mark?.x].compactMap { $0 }, count: isPanel ? 3 : 5), y: Axis(rows: rows.count),
      left: left, top: 64, width: width - 80 - left, height: height)
    var picture = SVG(width: width, height: height + 116, title: title, description: description)
    picture.text(SVG.shortened(title, to: isPanel ? 36 : 56), x: 16, y: 26, "title")
    frame.draw(in: &picture, xLabel: xLabel, yLabel: "", yNames: names)
    if let mark, mark.x.isFinite {
      let at = frame.place(x: mark.x)
      picture.add(
        "line",
        [
          "class": "mark", "x1": SVG.number(at), "x2": SVG.number(at), "y1": "58",
          "y2": SVG.number(64 + height),
        ])
      let isLate = frame.x.part(mark.x) > 0.6
      picture.text(
        SVG.shortened(mark.label, to: 30), x: at + (isLate ? -5 : 5), y: 54, "small", anchor: isLate ? "end" : "start")
    }
    for (position, row) in rows.enumerated() where row.value.isFinite {
      let y = frame.place(y: -Double(position))
      if let range = row.range, range.lowerBound.isFinite, range.upperBound.isFinite {
        picture.add(
          "line",
          [
            "class": "line s0", "x1": SVG.number(frame.place(x: range.lowerBound)),
            "x2": SVG.number(frame.place(x: range.upperBound)), "y1": SVG.number(y), "y2": SVG.number(y),
          ])
      }
      picture.dot(0, x: frame.place(x: row.value), y: y, radius: "5", style: "dot")
      picture.text(NumberTable.text(row.value), x: width - 66, y: y + 4)
    }
    return picture.written(form)
  }

  package var numbers: NumberTable {
    let hasRanges = rows.contains { $0.range != nil }
    let hasNotes = rows.contains { !$0.note.isEmpty }
    return NumberTable(
      columns: ["", xLabel] + (hasRanges ? rangeLabels : []) + (hasNotes ? [noteLabel] : []),
      rows: rows.map { row in
        let ends = row.range.map { [NumberTable.text($0.lowerBound), NumberTable.text($0.upperBound)] } ?? ["", ""]
        return [row.name, NumberTable.text(row.value)] + (hasRanges ? ends : []) + (hasNotes ? [row.note] : [])
      })
  }

  private var description: String {
    let parts = rows.prefix(20).map { "\($0.name) \(SVG.short($0.value))" }.joined(separator: "; ")
    return "\(xLabel): \(parts)\(rows.count > 20 ? "; and \(rows.count - 20) more" : "")."
  }
}
