// SPDX-License-Identifier: Apache-2.0
//
// Histogram: how often values occur.
//
// Before    RangeChart.swift     After    CorrelationPlot.swift
// Source    Freedman, Diaconis, "On the histogram as a density estimator" (1981), for the width of a bin

import Foundation

/// How many of the values lie in each of equally wide bins.
package struct Histogram: Chart {
  package var title: String
  package var xLabel: String
  /// The lower end of the first bin.
  package let low: Double
  /// How wide a bin is.
  package let width: Double
  /// The number of values in each bin.
  package let counts: [Int]

  /// Counts values.
  ///
  /// The width is 2 · IQR / n^(1/3), for between 5 and 30 bins; whole numbers have bins that begin at half ones.
  ///
  /// - Parameter values: Those that are not finite are left out.
  package init(title: String, xLabel: String, values: [Double]) {
    self.title = title
    self.xLabel = xLabel
    let sorted = values.filter { $0.isFinite && $0.magnitude < 1e300 }.sorted()
    guard let first = sorted.first, let last = sorted.last else {
      low = 0
      width = 1
      counts = []
      return
    }
    let isWhole = sorted.allSatisfy { $0 == $0.rounded() }
    let spread = sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]
    let wish = spread > 0 ? 2 * spread / pow(Double(sorted.count), 1 / 3) : (last - first) / 10
    var bins = wish > 0 ? Int(max(5, min(30, ((last - first) / wish).rounded(.up)))) : 1
    var start = first
    var step = last > first ? (last - first) / Double(bins) : 1
    if isWhole, last - first < 1e9 {
      step = last - first <= 20 ? 1 : max(1, ((last - first + 1) / Double(bins)).rounded(.up))
      start = first - 0.5
      bins = Int(((last - first + 1) / step).rounded(.up))
    }
    var found = Array(repeating: 0, count: bins)
    for value in sorted { found[min(bins - 1, max(0, Int((value - start) / step)))] += 1 }
    low = start
    width = step
    counts = found
  }

  package func svg(_ form: PictureForm) -> String {
    let ends = [low, low + width * Double(max(1, counts.count))]
    let frame = Frame(
      x: Axis(covering: ends, count: 5), y: Axis(covering: [0, Double(counts.max() ?? 1)], count: 4, isCounting: true),
      left: 66, top: 44, width: 266, height: 130)
    var picture = SVG(width: 350, height: 228, title: title, description: description)
    picture.text(SVG.shortened(title, to: 38), x: 16, y: 24, "title")
    frame.draw(in: &picture, xLabel: xLabel, yLabel: "rows")
    var steps = ""
    for (bin, count) in counts.enumerated() where count > 0 {
      let left = frame.place(x: low + Double(bin) * width)
      let right = frame.place(x: low + Double(bin + 1) * width)
      let top = frame.place(y: Double(count))
      steps +=
        "M\(SVG.number(left)) \(SVG.number(frame.top + frame.height))V\(SVG.number(top))"
        + "H\(SVG.number(max(left + 0.5, right - 1)))V\(SVG.number(frame.top + frame.height))z"
    }
    picture.add("path", ["class": "f0", "d": steps.isEmpty ? "M0 0" : steps])
    return picture.written(form)
  }

  package var numbers: NumberTable {
    NumberTable(
      columns: ["from", "to", "rows"],
      rows: counts.enumerated().map { bin, count in
        [
          NumberTable.text(low + Double(bin) * width), NumberTable.text(low + Double(bin + 1) * width), String(count),
        ]
      })
  }

  private var description: String {
    guard let most = counts.max(), let bin = counts.firstIndex(of: most) else { return "No values." }
    let ends = [low + Double(bin) * width, low + Double(bin + 1) * width].map(SVG.short)
    return
      "\(counts.reduce(0, +)) values; the fullest of \(counts.count) bins, from \(ends[0]) to \(ends[1]), has \(most)."
  }
}
