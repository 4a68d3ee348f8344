// SPDX-License-Identifier: Apache-2.0
//
// PanelChart: a small chart, several of which stand side by side.
//
// It draws lines, and dots with bars that say how sure they are: the curves of a classifier, whether probabilities can be
// believed, how an answer depends on a column, a score against a setting.
//
// Before    ConfusionMatrixPlot.swift     After    RangeChart.swift

import Foundation

/// A small chart of lines and dots.
package struct PanelChart: Chart {
  /// A dot, with the ends of its bar.
  package struct Dot: Sendable, Equatable {
    /// The place on the horizontal axis.
    package var x: Double
    /// The place on the vertical axis.
    package var y: Double
    /// The ends of the bar; `nil` if there is none.
    package var bar: ClosedRange<Double>?
    /// What the table says of it besides, such as a number of rows.
    package var note = ""

    package init(x: Double, y: Double, bar: ClosedRange<Double>? = nil, note: String = "") {
      self.x = x
      self.y = y
      self.bar = bar
      self.note = note
    }
  }

  package var title: String
  package var xLabel: String
  package var yLabel: String
  /// The lines; if there are several, a legend stands below.
  package var lines: [Series] = []
  package var dots: [Dot] = []
  /// What the notes of the dots are.
  package var noteLabel = "rows"
  /// Whether both axes go from 0 to 1.
  package var isUnit = false
  /// Whether a line goes from corner to corner.
  package var showsDiagonal = false
  /// A height to compare with, such as the share of the positives.
  package var level: Double?
  /// What the places 0, 1, 2, … are called, if they are no numbers.
  package var xNames: [String] = []
  /// Whether x is a power of ten: the places are logarithms.
  package var isLogarithmic = false

  package init(title: String, xLabel: String, yLabel: String) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
  }

  private var frame: Frame {
    let ends = dots.flatMap { dot in [dot.y] + (dot.bar.map { [$0.lowerBound, $0.upperBound] } ?? []) }
    let heights = lines.flatMap(\.y) + ends + [level].compactMap { $0 }
    let unit = Axis(covering: [0, 1])
    let places =
      xNames.isEmpty ? Axis(covering: lines.flatMap(\.x) + dots.map(\.x), count: 5) : Axis(columns: xNames.count)
    return Frame(
      x: isUnit ? unit : places, y: isUnit ? unit : Axis(covering: heights, count: 5),
      left: 66, top: 44, width: 258, height: isUnit ? 258 : 190)
  }

  package func svg(_ form: PictureForm) -> String {
    let frame = frame
    let names = xTicks(frame)
    let bottom = frame.top + frame.height + Double(names?.map(\.row).max() ?? 0) * Frame.rowHeight
    var picture = SVG(
      width: 350, height: bottom + (lines.count > 1 ? 76 : 54), title: title, description: description)
    picture.text(SVG.shortened(title, to: 40), x: 16, y: 24, "title")
    frame.draw(in: &picture, xLabel: xLabel, yLabel: yLabel, xNames: names)
    if showsDiagonal { mark(&picture, frame, from: frame.y.low, to: frame.y.high) }
    if let level { mark(&picture, frame, from: level, to: level) }
    for (number, line) in lines.enumerated() {
      let points = zip(line.x, line.y).filter { $0.isFinite && $1.isFinite }.map { x, y in
        "\(SVG.number(frame.place(x: x))) \(SVG.number(frame.place(y: y)))"
      }
      guard let first = points.first else { continue }
      picture.add(
        "path",
        [
          "class": "line s\(number % SVG.colorCount)",
          "d": "M" + ([first] + points.dropFirst()).joined(separator: "L"),
        ])
      guard lines.count > 1, number < 4 else { continue }
      let name = SVG.shortened(line.name, to: lines.count > 2 ? 9 : 18)
      picture.legend(
        number, name, x: frame.left + Double(number) * frame.width / Double(min(4, lines.count)), y: bottom + 66)
    }
    for dot in dots where dot.x.isFinite && dot.y.isFinite {
      let x = frame.place(x: dot.x)
      if let bar = dot.bar {
        picture.add(
          "line",
          [
            "class": "line s0", "x1": SVG.number(x), "x2": SVG.number(x),
            "y1": SVG.number(frame.place(y: bar.lowerBound)), "y2": SVG.number(frame.place(y: bar.upperBound)),
          ])
      }
      picture.dot(lines.isEmpty ? 0 : 1, x: x, y: frame.place(y: dot.y), radius: "4.5", style: "dot")
    }
    return picture.written(form)
  }

  /// The names below the axis, where numbers alone would not do.
  private func xTicks(_ frame: Frame) -> [Frame.Tick]? {
    if isLogarithmic {
      return frame.x.ticks.filter { $0 == $0.rounded() && $0.magnitude < 400 }.map {
        Frame.Tick(at: $0, name: "1e\(Int($0))")
      }
    }
    guard !xNames.isEmpty else { return nil }
    // A letter is about 7 wide. Names that do not fit side by side stand in two rows, where each has twice the room.
    let room = Int((frame.place(x: 1) - frame.place(x: 0)) / 7)
    let rowCount = xNames.count > 2 && xNames.contains { $0.count > room } ? 2 : 1
    return xNames.enumerated().map { position, name in
      Frame.Tick(
        at: Double(position), name: SVG.shortened(name, to: max(3, rowCount * room)), row: position % rowCount)
    }
  }

  private func mark(_ picture: inout SVG, _ frame: Frame, from first: Double, to last: Double) {
    picture.add(
      "line",
      [
        "class": "mark", "x1": SVG.number(frame.left), "x2": SVG.number(frame.left + frame.width),
        "y1": SVG.number(frame.place(y: first)), "y2": SVG.number(frame.place(y: last)),
      ])
  }

  package var numbers: NumberTable {
    guard !dots.isEmpty else { return NumberTable(of: lines, xLabel: xLabel, yLabel: yLabel) }
    let hasBars = dots.contains { $0.bar != nil }
    let hasNotes = dots.contains { !$0.note.isEmpty }
    return NumberTable(
      columns: [xLabel, yLabel] + (hasBars ? ["from", "to"] : []) + (hasNotes ? [noteLabel] : []),
      rows: dots.map { dot in
        let named = Int(exactly: dot.x.rounded()).flatMap { xNames.indices.contains($0) ? xNames[$0] : nil } ?? ""
        let x = xNames.isEmpty ? NumberTable.text(isLogarithmic ? pow(10, dot.x) : dot.x) : named
        let ends = dot.bar.map { [NumberTable.text($0.lowerBound), NumberTable.text($0.upperBound)] } ?? ["", ""]
        return [x, NumberTable.text(dot.y)] + (hasBars ? ends : []) + (hasNotes ? [dot.note] : [])
      })
  }

  private var description: String {
    let parts = lines.map { "\($0.name.isEmpty ? "a line" : $0.name) of \($0.x.count) points" }
    let dotted = dots.isEmpty ? [] : ["\(dots.count) dots"]
    return "\(yLabel) over \(xLabel): " + (parts + dotted).joined(separator: ", ") + "."
  }
}
