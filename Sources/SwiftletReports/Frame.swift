// SPDX-License-Identifier: Apache-2.0
//
// Frame: the part of a picture where data stand, with its axes.
//
// Before    Axis.swift     After    Series.swift

/// A rectangle between two axes.
struct Frame {
  let x: Axis
  let y: Axis
  let left: Double
  let top: Double
  let width: Double
  let height: Double

  /// Where a number of the horizontal axis stands.
  func place(x value: Double) -> Double { left + width * x.part(value) }
  /// Where a number of the vertical axis stands: up is more.
  func place(y value: Double) -> Double { top + height * (1 - y.part(value)) }

  /// A place on an axis that has a name.
  struct Tick {
    let at: Double
    let name: String
    /// 1 for a name that stands a line lower than its neighbors, so that both have room.
    var row = 0
  }

  /// How much higher a picture is whose names stand in two rows.
  static let rowHeight = 15.0

  /// Draws a light grid, the ticks and the names of both axes.
  ///
  /// - Parameters:
  ///   - xNames: What stands below the horizontal axis in the place of its numbers.
  ///   - yNames: What stands beside the vertical axis in the place of its numbers.
  func draw(in picture: inout SVG, xLabel: String, yLabel: String, xNames: [Tick]? = nil, yNames: [Tick]? = nil) {
    let right = left + width
    let bottom = top + height
    for tick in yNames ?? y.ticks.map({ Tick(at: $0, name: y.label($0)) }) {
      let at = SVG.number(place(y: tick.at))
      picture.add("line", ["class": "grid", "x1": SVG.number(left), "x2": SVG.number(right), "y1": at, "y2": at])
      picture.text(
        tick.name, x: left - 8, y: place(y: tick.at) + 4, yNames == nil ? "small" : "label", anchor: "end")
    }
    for tick in xNames ?? x.ticks.map({ Tick(at: $0, name: x.label($0)) }) {
      picture.text(
        tick.name, x: place(x: tick.at), y: bottom + 18 + Double(tick.row) * Frame.rowHeight, "small", anchor: "middle")
    }
    let lower = Double(xNames?.map(\.row).max() ?? 0) * Frame.rowHeight
    picture.add(
      "line",
      [
        "class": "frame", "x1": SVG.number(left), "x2": SVG.number(right), "y1": SVG.number(bottom),
        "y2": SVG.number(bottom),
      ])
    picture.text(SVG.shortened(xLabel, to: 60), x: left + width / 2, y: bottom + 40 + lower, "small", anchor: "middle")
    guard !yLabel.isEmpty else { return }
    picture.text(
      SVG.shortened(yLabel, to: 40), x: max(14, left - 62), y: top + height / 2, "small", anchor: "middle", turned: true
    )
  }
}
