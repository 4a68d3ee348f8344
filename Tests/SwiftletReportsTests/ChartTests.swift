// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletReports
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Charts")
struct ChartTests {
  /// Text that a file could hold and that must not become part of the picture's own language.
  private static let hostile = "<script>alert(1)</script>\"&'\u{0}\u{8}]]>" + String(repeating: "x", count: 300)

  private func isXML(_ text: String) -> Bool { XMLParser(data: Data(text.utf8)).parse() }

  @Test("a line goes through its points, and its name stands at its end")
  func line() {
    let chart = LineChart(
      title: "Losses", xLabel: "epoch", yLabel: "loss", series: [.init("train", x: [0, 5, 10], y: [1, 0.5, 0])])
    let svg = chart.svg()
    // The frame goes from x = 76 to 556 and from y = 332 up to 52: the corners, and the middle.
    #expect(svg.contains("<path class=\"line s0\" d=\"M76 52L316 192L556 332\"/>"))
    #expect(svg.contains("-title\">Losses</title>"))
    #expect(svg.contains("Lines of loss over epoch. train from 1 to 0."))
    #expect(svg.contains(">train</text>"))
    #expect(svg == chart.svg() && isXML(svg))
    var marked = chart
    marked.mark = Mark(x: 5, label: "best")
    #expect(chart == chart && marked != chart)
  }

  @Test("a point that is not a number interrupts the line")
  func gaps() {
    let series = Series("s", x: [0, 1, 2, 3, 4], y: [0, 1, .nan, 1, 0])
    let svg = LineChart(title: "", xLabel: "", yLabel: "", series: [series]).svg()
    #expect(svg.contains("d=\"M76 332L196 52M436 52L556 332\""))
  }

  @Test("a point without a neighbor is a dot")
  func lonePoints() {
    func svg(_ y: [Double]) -> String {
      let x = y.indices.map { Double($0 + 1) }
      return LineChart(title: "", xLabel: "epoch", yLabel: "", series: [.init("s", x: x, y: y)]).svg()
    }
    // One epoch: the axes go from 0 to 2 and from 1 to 3, so it stands in the middle of the frame.
    #expect(svg([2]).contains("<circle class=\"f0\" cx=\"316\" cy=\"192\" r=\"4\"/>"))
    // One dot is the one beside the name.
    func dots(_ y: [Double]) -> Int { svg(y).split(separator: "\n").filter { $0.hasSuffix("r=\"4\"/>") }.count }
    #expect(dots([1, .nan, 0]) == 3)
    #expect(dots([1, 0]) == 1)
  }

  @Test("no tick stands between two epochs")
  func epochs() {
    for count in 1...12 {
      let x = (1...count).map { Double($0) }
      let svg = LineChart(title: "", xLabel: "epoch", yLabel: "", series: [.init("s", x: x, y: x)]).svg()
      let ticks = svg.split(separator: "\n").filter { $0.contains("y=\"350\"") }
      #expect(ticks.count >= 2 && !ticks.contains { $0.hasSuffix(".0</text>") || $0.hasSuffix(".5</text>") })
    }
  }

  @Test("the names of lines that end together do not stand on each other")
  func names() throws {
    let lines = (0..<5).map { Series("line \($0)", x: [0, 1], y: [1, 0]) }
    let svg = LineChart(title: "", xLabel: "", yLabel: "", series: lines).svg()
    let places = try (0..<5).map { number in
      let text = try #require(svg.split(separator: "\n").first { $0.hasSuffix(">line \(number)</text>") })
      return try #require(Double(text.split(separator: "\"")[3]))
    }.sorted()
    #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= 18 })
    #expect((places.last ?? 0) <= 340)
  }

  @Test("names below a panel do not stand on each other: in one row if they fit, else in two, shortened")
  func panelNames() throws {
    func rows(_ names: [String]) throws -> [Double: [(x: Double, name: String)]] {
      var panel = PanelChart(title: "", xLabel: "zone", yLabel: "")
      panel.xNames = names
      panel.dots = names.indices.map { PanelChart.Dot(x: Double($0), y: 1) }
      let texts = panel.svg().split(separator: "\n").filter { $0.contains("text-anchor=\"middle\"") }
      var rows: [Double: [(x: Double, name: String)]] = [:]
      for text in texts {
        let parts = text.split(separator: "\"")
        let name = text.split(separator: ">")[1].replacingOccurrences(of: "</text", with: "")
        guard names.contains(where: { $0.hasPrefix(name.prefix(2)) }) else { continue }
        rows[try #require(Double(parts[3])), default: []].append((try #require(Double(parts[1])), name))
      }
      return rows
    }
    let purposes = ["car, new", "car, used", "business", "education", "furniture", "repairs", "retraining", "radio"]
    #expect(try rows(["yes", "no"]).count == 1 && rows(["a", "b", "c", "d", "e", "f", "g", "h"]).count == 1)
    for names in [purposes, purposes.map { String(repeating: $0, count: 9) }] {
      let found = try rows(names)
      #expect(found.count == 2 && found.values.map(\.count).reduce(0, +) == names.count)
      for row in found.values {
        let placed = row.sorted { $0.x < $1.x }
        for (left, right) in zip(placed, placed.dropFirst()) {
          #expect(right.x - left.x >= 7 * Double(left.name.count + right.name.count) / 2)
        }
      }
    }
  }

  @Test("a million points become a path of a picture's size, with its peaks")
  func many() {
    let count = 1_000_000
    var y = (0..<count).map { Double($0 % 1000) / 1000 }
    y[123_456] = 7
    let x = (0..<count).map { Double($0) }
    let svg = LineChart(title: "", xLabel: "", yLabel: "", series: [.init("s", x: x, y: y)]).svg()
    #expect(svg.utf8.count < 100_000)
    #expect(svg.contains(" 52L"))  // the axis ends at 7, so the peak touches the top
  }

  @Test(
    "whatever the numbers and the texts are, the picture is XML",
    arguments: [[], [1], [.nan, .infinity], [1e308, -1e308], [0, 0, 0]] as [[Double]])
  func strange(numbers: [Double]) {
    let text = Self.hostile
    let line = LineChart(
      title: text, xLabel: text, yLabel: text, series: [.init(text, x: numbers, y: numbers)],
      mark: Mark(x: .nan, label: text))
    var points = ScatterPlot(title: text, xLabel: text, yLabel: text, groups: [.init(text, x: numbers, y: numbers)])
    points.drawRegions(size: 3) { $0.map { _ in 0 } }
    let matrix = ConfusionMatrixPlot(title: text, labels: [text, ""], counts: [[1, .max], [0, 0]])
    for svg in [line.svg(), points.svg(), matrix.svg()] {
      #expect(isXML(svg))
      #expect(!svg.contains("<script>") && !svg.contains("nan") && !svg.contains("inf"))
    }
  }

  @Test("the regions are what the classifier says, from below left")
  func regions() {
    var plot = ScatterPlot(title: "", xLabel: "", yLabel: "", groups: [.init("a", x: [0, 1], y: [0, 1])])
    plot.drawRegions(size: 2) { points in points.map { $0.x > $0.y ? 1 : 0 } }
    let svg = plot.svg()
    // Four cells of 220 by 170. Only the one below right has x > y; the two below and above left are two runs.
    #expect(svg.contains("<path class=\"region f1\" d=\"M296 222h220v170H296z\"/>"))
    #expect(svg.contains("<path class=\"region f0\" d=\"M76 222h220v170H76zM76 52h440v170H76z\"/>"))
  }

  @Test("a matrix shows counts and shares of rows")
  func matrix() {
    let svg = ConfusionMatrixPlot(title: "t", labels: ["no", "yes"], counts: [[90, 10], [1, 3]]).svg()
    for text in [">90<", ">10<", ">90 %<", ">75 %<", ">25 %<"] { #expect(svg.contains(text)) }
    #expect(svg.contains("of 100 no, 90 were found; of 4 yes, 3 were found."))
    // A tenth, and half of the share: 0.1 + 0.5 · 0.9.
    #expect(svg.contains("opacity=\"0.55\""))
    let large = (0..<20).map { row in (0..<20).map { $0 == row ? 5 : 0 } }
    #expect(isXML(ConfusionMatrixPlot(title: "", labels: (0..<20).map { "class \($0)" }, counts: large).svg()))
  }

  @Test("lines behind a chart are thin and make room on the axis; whiskers stand where their point does")
  func background() {
    var chart = LineChart(
      title: "", xLabel: "", yLabel: "", series: [.init("mean", x: [0, 10], y: [1, 1])])
    chart.background = [Series("", x: [0, 10], y: [0, 2])]
    #expect(chart.svg().contains("<path class=\"line thin s0\" d=\"M76 332L556 52\"/>"))
    #expect(chart.svg().contains("<path class=\"line s0\" d=\"M76 192L556 192\"/>"))
    var plot = ScatterPlot(title: "", xLabel: "", yLabel: "", groups: [.init("bins", x: [0, 10], y: [0, 10])])
    plot.whiskers = [Whisker(x: 5, low: 0, high: 10)]
    #expect(plot.svg().contains("<line class=\"line s0\" x1=\"296\" x2=\"296\" y1=\"392\" y2=\"52\"/>"))
    #expect(isXML(plot.svg()))
    #expect(plot.numbers.columns.count == 2)  // not one for each point
    plot.whiskers.append(Whisker(x: 10, low: 9, high: 11))
    #expect(plot.numbers.rows == [["0", "0", "0", "10"], ["10", "10", "9", "11"]])
  }
}
