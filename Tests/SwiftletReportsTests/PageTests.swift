// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import SwiftletReports

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Pages")
struct PageTests {
  /// Text that a file could hold and that must not become part of the page's own language.
  private static let hostile = "</style><script>alert(1)</script>\"'&<img src=http://a.b>\u{0}]]>\u{202E}"

  private static func line(_ title: String) -> LineChart {
    LineChart(title: title, xLabel: "epoch", yLabel: "loss", series: [.init("train", x: [1, 2], y: [1, 0.5])])
  }

  /// The ids of a text, in their order.
  private static func ids(_ text: String) -> [String] {
    text.components(separatedBy: " id=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
  }

  /// A page with every kind of block and of chart, of which all texts are the same.
  private static func page(_ text: String, numbers: [Double]) -> Page {
    var panel = PanelChart(title: text, xLabel: text, yLabel: text)
    panel.lines = [Series(text, x: numbers, y: numbers), Series(text, x: numbers, y: numbers)]
    panel.dots = numbers.map { .init(x: $0, y: $0, bar: -1...1, note: text) }
    panel.level = numbers.first
    panel.showsDiagonal = true
    var named = panel
    named.xNames = [text, text]
    var powers = panel
    powers.isLogarithmic = true
    let charts: [any Chart] = [
      line(text), panel, named, powers,
      RangeChart(
        title: text, xLabel: text, rows: numbers.map { .init(text, $0, range: -2...1, note: text) },
        mark: Mark(x: numbers.first ?? .nan, label: text)),
      Histogram(title: text, xLabel: text, values: numbers),
      CorrelationPlot(title: text, names: [text, text], values: [[1, .nan], [numbers.first ?? 0, 1]]),
      ConfusionMatrixPlot(title: text, labels: [text, text], counts: [[1, 2], [3, 4]]),
      ScatterPlot(title: text, xLabel: text, yLabel: text, groups: [Series(text, x: numbers, y: numbers)]),
    ]
    let blocks: [any PageBlock] = [
      Paragraph(text), Paragraph(text, .lead), Paragraph(text, .notice), BulletList([text, text]), Listing(text),
      TableBlock(NumberTable(columns: [text, ""], rows: [[text, text], ["", "1"]]), caption: text),
      FoldedBlock(text, [Paragraph(text)]), ChartBlock(charts, caption: text), ChartBlock(line(text), caption: text),
    ]
    return Page(
      title: text, subtitle: text, sections: (0..<4).map { _ in Page.Section(text, blocks) }, footer: text)
  }

  @Test("two charts that stand in one page, or are pasted into one, have different ids")
  func ids() {
    let (a, b) = (Self.line("a").svg(), Self.line("b").svg())
    let pasted = Self.ids(a) + Self.ids(b)
    #expect(pasted.count == 4 && Set(pasted).count == 4)
    // What names a picture is in it.
    for svg in [a, b, Self.line("c").svg(.inline(name: "x"))] {
      #expect(svg.contains("aria-labelledby=\"\(Self.ids(svg).joined(separator: " "))\""))
    }
    let page = Self.ids(Self.page("a", numbers: [1, 2]).html)
    #expect(page.count > 40 && Set(page).count == page.count)
  }

  @Test(
    "whatever the texts and the numbers are, the page is well formed, and asks nobody for anything",
    arguments: [[], [1], [.nan, .infinity, -.infinity], [1e308, -1e308], [0, 0, 0], [1e-300, 2, 3.5]] as [[Double]])
  func hostile(numbers: [Double]) {
    let html = Self.page(Self.hostile, numbers: numbers).html
    #expect(!html.contains("<script") && !html.contains("<img") && html.components(separatedBy: "</style>").count == 2)
    #expect(html.components(separatedBy: "http").count == 2 && html.contains("<meta http-equiv="))
    #expect(html.contains("&#104;ttp://a.b"))
    #expect(!html.contains("\u{0}") && !html.contains("\"nan\"") && !html.contains("\"inf"))
    // Of HTML, everything but its head is XML here.
    let body = html.components(separatedBy: "<body>")[1].components(separatedBy: "</body>")[0]
    #expect(XMLParser(data: Data("<body>\(body)</body>".utf8)).parse())
  }

  @Test("every chart is followed by its numbers")
  func twins() {
    let html = Self.page("a", numbers: [1, 2]).html
    let parts = html.components(separatedBy: "<svg").dropFirst()
    #expect(parts.count == 40)
    for part in parts { #expect(part.contains("</svg>\n</div>\n<details><summary>The numbers</summary>\n<div")) }
    let chart = RangeChart(title: "t", xLabel: "score", rows: [.init("a", 0.5, range: 0.25...0.75, note: "30")])
    #expect(chart.numbers.columns == ["", "score", "from", "to", "rows"])
    #expect(chart.numbers.rows == [["a", "0.5", "0.25", "0.75", "30"]])
    let lines = LineChart(
      title: "", xLabel: "epoch", yLabel: "loss",
      series: [.init("train", x: [1, 2], y: [3, 0.123456]), .init("validation", x: [2], y: [.nan])])
    #expect(lines.numbers.rows == [["1", "3", ""], ["2", "0.1235", ""]])
    var powers = PanelChart(title: "", xLabel: "rate", yLabel: "score")
    powers.dots = [.init(x: -2, y: 1)]
    powers.isLogarithmic = true
    #expect(powers.numbers.rows == [["0.01", "1"]])
  }

  @Test("a long table says that it was thinned, and keeps its ends")
  func thinned() {
    let table = NumberTable(columns: ["n"], rows: (0..<1000).map { ["\($0)"] })
    var ids = PageIDs()
    let even = TableBlock(table, caption: "c", keepsFirst: false).html(&ids)
    #expect(even.contains("60, evenly chosen, of 1000 rows."))
    #expect(even.contains(">0<") && even.contains(">999<") && even.components(separatedBy: "<tr>").count == 62)
    let first = TableBlock(table, caption: "c").html(&ids)
    #expect(first.contains("The first 60 of 1000 rows.") && first.contains(">59<") && !first.contains(">60<"))
    let wide = NumberTable(columns: (0..<100).map { "c\($0)" }, rows: [])
    #expect(TableBlock(wide, caption: "").html(&ids).contains("The first 24 of 100 columns."))
  }

  @Test("a histogram counts every value once, and whole numbers stand in the middle of their bins")
  func histogram() {
    let values = (0..<300).map { Double($0 % 10) }
    let histogram = Histogram(title: "", xLabel: "", values: values + [.nan])
    #expect(histogram.counts.reduce(0, +) == 300)
    #expect(histogram.low == -0.5 && histogram.width == 1 && histogram.counts == Array(repeating: 30, count: 10))
    let reals = Histogram(title: "", xLabel: "", values: (0..<1000).map { Double($0) / 1000 })
    // 2 · 0.5 / 1000^(1/3) = 0.1, so 0.999 is covered by ten bins.
    #expect(reals.counts.count == 10 && reals.counts.reduce(0, +) == 1000)
    #expect(Histogram(title: "", xLabel: "", values: [5, 5, 5]).counts == [3])
    #expect(Histogram(title: "", xLabel: "", values: []).counts.isEmpty)
    #expect(Histogram(title: "", xLabel: "", values: [-1e299, 1e299]).counts.reduce(0, +) == 2)
  }

  @Test("a word that is longer than a line is cut, but not in a command")
  func longWords() {
    let word = String(repeating: "x", count: 4000)
    let shown = "is " + String(repeating: "x", count: 60) + "… here"
    #expect(HTML.escaped("is \(word) here") == shown)
    #expect(HTML.escaped("is \(word) here", keepsLines: true).count > 4000)
    var ids = PageIDs()
    let table = TableBlock(NumberTable(columns: ["a", word], rows: [["1", word]]), caption: word)
    #expect(table.html(&ids).count < 1500)
  }
}
