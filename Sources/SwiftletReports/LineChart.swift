// SPDX-License-Identifier: Apache-2.0
//
// LineChart: how something changes.
//
// The name of a line stands at its end, beside a dot of its color, so there is no legend to look up.
//
// Before    Chart.swift     After    ScatterPlot.swift
// Source    Tufte, "The Visual Display of Quantitative Information" (2001), chapters 4 and 6

/// Lines over one axis, such as the losses of a training over its epochs.
public struct LineChart: Chart, Equatable {
  /// The title above the chart.
  public var title: String
  /// What the horizontal axis counts.
  public var xLabel: String
  /// What the vertical axis measures.
  public var yLabel: String
  /// The lines; colors repeat after six.
  public var series: [Series]
  /// Lines without a name that stand behind the others, thin and in the color of the first.
  public var background: [Series] = []
  /// A place on the horizontal axis, such as the best epoch.
  public var mark: Mark?

  /// A chart of lines.
  public init(title: String, xLabel: String, yLabel: String, series: [Series], mark: Mark? = nil) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.mark = mark
  }

  public func svg(_ form: PictureForm) -> String {
    var picture = SVG(width: 720, height: 400, title: title, description: description)
    let places = series.flatMap(\.x)
    let frame = Frame(
      x: Axis(covering: places, count: 8, isCounting: places.allSatisfy { $0 == $0.rounded() }),
      y: Axis(covering: (series + background).flatMap(\.y)), left: 76, top: 52,
      width: 480, height: 280)
    picture.text(SVG.shortened(title, to: 76), x: 24, y: 28, "title")
    frame.draw(in: &picture, xLabel: xLabel, yLabel: yLabel)
    if let mark, mark.x.isFinite {
      let at = SVG.number(frame.place(x: mark.x))
      picture.add("line", ["class": "mark", "x1": at, "x2": at, "y1": "52", "y2": "332"])
      let isLate = frame.x.part(mark.x) > 0.7
      picture.text(
        SVG.shortened(mark.label, to: 40), x: frame.place(x: mark.x) + (isLate ? -6 : 6), y: 46, "small",
        anchor: isLate ? "end" : "start")
    }
    for line in background { picture.add("path", ["class": "line thin s0", "d": path(line, frame)]) }
    for (number, line) in series.enumerated() {
      picture.add("path", ["class": "line s\(number % SVG.colorCount)", "d": path(line, frame)])
      for (x, y) in lonePoints(line) { picture.dot(number, x: frame.place(x: x), y: frame.place(y: y)) }
    }
    for (number, y) in labelPlaces(frame).enumerated() {
      picture.legend(number, SVG.shortened(series[number].name, to: 18), x: 568, y: y)
    }
    if !series.contains(where: { zip($0.x, $0.y).contains { $0.isFinite && $1.isFinite } }) {
      picture.text("nothing to draw", x: 316, y: 196, "small", anchor: "middle")
    }
    return picture.written(form)
  }

  public var numbers: NumberTable { NumberTable(of: series, xLabel: xLabel, yLabel: yLabel) }

  /// Points without a neighbor, which a line would not show: the one epoch of a short training.
  private func lonePoints(_ line: Series) -> [(Double, Double)] {
    let points = Array(zip(line.x, line.y).prefix(2000))
    func isThere(_ position: Int) -> Bool {
      points.indices.contains(position) && points[position].0.isFinite && points[position].1.isFinite
    }
    return points.indices.filter { isThere($0) && !isThere($0 - 1) && !isThere($0 + 1) }.map { points[$0] }
  }

  /// More points than pixels are drawn as the first, the least, the greatest and the last of each column of pixels.
  private func path(_ line: Series, _ frame: Frame) -> String {
    var steps = ""
    var isDown = false
    var column: (x: Int, first: Double, low: Double, high: Double, last: Double)?
    func point(_ x: Double, _ y: Double) {
      steps += "\(isDown ? "L" : "M")\(SVG.number(x)) \(SVG.number(y))"
      isDown = true
    }
    func finishColumn() {
      guard let found = column else { return }
      let x = Double(found.x)
      for y in [found.first, found.low, found.high, found.last] { point(x, y) }
      column = nil
    }
    let isDense = line.x.count > 2000
    for (x, y) in zip(line.x, line.y) {
      guard x.isFinite, y.isFinite else {
        finishColumn()
        isDown = false
        continue
      }
      let px = frame.place(x: x)
      let py = frame.place(y: y)
      guard isDense else {
        point(px, py)
        continue
      }
      if let found = column, found.x == Int(px) {
        column = (found.x, found.first, min(found.low, py), max(found.high, py), py)
      } else {
        finishColumn()
        column = (Int(px), py, py, py, py)
      }
    }
    finishColumn()
    return steps.isEmpty ? "M0 0" : steps
  }

  /// Where the names stand: at the ends of their lines, and never on each other.
  private func labelPlaces(_ frame: Frame) -> [Double] {
    let ends = series.map { line -> Double in
      let last = zip(line.x, line.y).reversed().first { $0.isFinite && $1.isFinite }
      return frame.place(y: last?.1 ?? frame.y.low) + 4
    }
    var places = ends
    let gap = 18.0
    for position in ends.indices.sorted(by: { ends[$0] < ends[$1] }).enumerated().map(\.element) {
      let above = places.indices.filter { $0 != position && (ends[$0], $0) < (ends[position], position) }
      if let lowest = above.map({ places[$0] }).max() { places[position] = max(places[position], lowest + gap) }
    }
    // Pushed below the frame: all go up together.
    let excess = max(0, (places.max() ?? 0) - (frame.top + frame.height + 4))
    return places.map { $0 - excess }
  }

  private var description: String {
    let lines = series.map { line -> String in
      let finite = line.y.filter(\.isFinite)
      guard let first = finite.first, let last = finite.last else { return "\(line.name): nothing" }
      return "\(line.name) from \(SVG.short(first)) to \(SVG.short(last))"
    }
    return "Lines of \(yLabel) over \(xLabel). " + lines.joined(separator: "; ")
      + (mark.map { ". \($0.label)." } ?? ".")
  }
}
