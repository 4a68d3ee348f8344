// SPDX-License-Identifier: Apache-2.0
//
// ScatterPlot: points in the plane, and the regions of a model's answers.
//
// Before    LineChart.swift     After    ConfusionMatrixPlot.swift

/// Points of one or several classes, with the regions of a classifier behind them.
public struct ScatterPlot: Chart {
  /// The title above the plot.
  public var title: String
  /// What the horizontal axis measures.
  public var xLabel: String
  /// What the vertical axis measures.
  public var yLabel: String
  /// One for each class, in the order of the labels.
  public var groups: [Series]
  /// Whether a line shows where both numbers are the same: for predictions against truth.
  public var showsDiagonal = false
  /// More points than these would only be a blot: they are thinned evenly.
  public var mostPoints = 2000
  /// Upright lines behind the points, such as the interval of each.
  public var whiskers: [Whisker] = []
  private var regions: (size: Int, classes: [Int])?

  /// A plot of points, without regions.
  public init(title: String, xLabel: String, yLabel: String, groups: [Series]) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.groups = groups
  }

  private var frame: Frame {
    let x = groups.flatMap(\.x)
    let y = groups.flatMap(\.y) + whiskers.flatMap { [$0.low, $0.high] }
    let both = showsDiagonal ? Axis(covering: x + y) : nil
    return Frame(
      x: both ?? Axis(covering: x), y: both ?? Axis(covering: y), left: 76, top: 52, width: 440, height: 340)
  }

  /// Colors the plane by the answers of a classifier.
  ///
  /// - Parameters:
  ///   - size: The plane is asked at `size · size` points.
  ///   - classOf: The positions of the classes in ``groups``, for points `(x, y)`.
  public mutating func drawRegions(size: Int = 120, classOf: ([(x: Double, y: Double)]) throws -> [Int]) rethrows {
    let frame = frame
    let size = max(2, min(400, size))
    func at(_ i: Int, _ axis: Axis) -> Double { axis.low + (axis.high - axis.low) * (Double(i) + 0.5) / Double(size) }
    let points = (0..<size * size).map { (x: at($0 % size, frame.x), y: at($0 / size, frame.y)) }
    let classes = try classOf(points)
    regions = classes.count == points.count ? (size, classes) : nil
  }

  public func svg(_ form: PictureForm) -> String {
    let frame = frame
    let counts = groups.map { "\($0.name): \($0.x.count)" }.joined(separator: ", ")
    var picture = SVG(
      width: groups.count > 1 ? 680 : 548, height: 460, title: title,
      description:
        "Points of \(yLabel) over \(xLabel). \(counts).\(regions == nil ? "" : " Behind them the regions that a model gives to each class.")"
    )
    picture.text(SVG.shortened(title, to: 72), x: 24, y: 28, "title")
    if let regions { draw(regions.size, regions.classes, frame, &picture) }
    frame.draw(in: &picture, xLabel: xLabel, yLabel: yLabel)
    if showsDiagonal {
      picture.add(
        "line",
        [
          "class": "mark", "x1": SVG.number(frame.left), "x2": SVG.number(frame.left + frame.width),
          "y1": SVG.number(frame.top + frame.height), "y2": SVG.number(frame.top),
        ])
    }
    for whisker in whiskers {
      let at = SVG.number(frame.place(x: whisker.x))
      picture.add(
        "line",
        [
          "class": "line s0", "x1": at, "x2": at, "y1": SVG.number(frame.place(y: whisker.low)),
          "y2": SVG.number(frame.place(y: whisker.high)),
        ])
    }
    for (number, group) in groups.enumerated() {
      let step = max(1, group.x.count / max(1, mostPoints))
      for position in stride(from: 0, to: min(group.x.count, group.y.count), by: step)
      where group.x[position].isFinite && group.y[position].isFinite {
        picture.dot(
          number, x: frame.place(x: group.x[position]), y: frame.place(y: group.y[position]), radius: "3.5",
          style: "dot")
      }
      guard groups.count > 1, number < 16 else { continue }
      picture.legend(number, SVG.shortened(group.name, to: 16), x: 536, y: 68 + 22 * Double(number))
    }
    return picture.written(form)
  }

  public var numbers: NumberTable {
    if groups.count == 1, whiskers.count == groups[0].x.count {
      return NumberTable(
        columns: [xLabel, yLabel, "from", "to"],
        rows: whiskers.indices.map { position in
          [groups[0].x[position], groups[0].y[position], whiskers[position].low, whiskers[position].high]
            .map { NumberTable.text($0) }
        })
    }
    return NumberTable(
      columns: (groups.count > 1 ? [""] : []) + [xLabel, yLabel],
      rows: groups.flatMap { group in
        zip(group.x, group.y).map { x, y in
          (groups.count > 1 ? [group.name] : []) + [NumberTable.text(x), NumberTable.text(y)]
        }
      })
  }

  /// One path for each class: the runs of its cells, row by row.
  private func draw(_ size: Int, _ classes: [Int], _ frame: Frame, _ picture: inout SVG) {
    let cellWidth = frame.width / Double(size)
    let cellHeight = frame.height / Double(size)
    for kind in Set(classes).sorted() where kind >= 0 {
      var steps = ""
      for row in 0..<size {
        var column = 0
        while column < size {
          guard classes[row * size + column] == kind else {
            column += 1
            continue
          }
          let start = column
          while column < size, classes[row * size + column] == kind { column += 1 }
          let x = frame.left + Double(start) * cellWidth
          let y = frame.top + frame.height - Double(row + 1) * cellHeight
          steps +=
            "M\(SVG.number(x)) \(SVG.number(y))h\(SVG.number(Double(column - start) * cellWidth))"
            + "v\(SVG.number(cellHeight))H\(SVG.number(x))z"
        }
      }
      picture.add("path", ["class": "region f\(kind % SVG.colorCount)", "d": steps])
    }
  }
}
