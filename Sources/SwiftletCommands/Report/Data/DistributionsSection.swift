// SPDX-License-Identifier: Apache-2.0
//
// How the values of each column are spread.
//
// Before    MissingSection.swift     After    TargetSection.swift

import SwiftletReports
import SwiftletTables

enum DistributionsSection: DataSection {
  static let title = "How the values are spread"
  private static let mostWords = 12

  static func blocks(_ data: LookedAtData) throws -> [any PageBlock] {
    // The target first, then in the order of the file.
    let own = data.data.table.columns.filter { data.targets.contains($0.name) }
    let drawn = (own + data.features).filter { column in
      column.numbers != nil || !(column.categories ?? []).isEmpty && column.type != .text
    }
    let shown = drawn.prefix(LookedAtData.mostColumns)
    let histograms = shown.compactMap { column -> Histogram? in
      guard let values = column.numbers.map({ numbers in data.rows.map { numbers[Int($0)] } }),
        values.contains(where: \.isFinite)
      else { return nil }
      return Histogram(title: column.name, xLabel: column.name, values: values)
    }
    let words = shown.compactMap { self.words($0, data) }
    var blocks: [any PageBlock] = []
    if !histograms.isEmpty {
      blocks.append(
        ChartBlock(
          histograms,
          caption: "A long tail calls for a logarithm, a peak at the edge often for a value that means missing."))
    }
    if !words.isEmpty { blocks.append(ChartBlock(words, caption: "How often each word occurs.")) }
    if drawn.count > shown.count {
      blocks.append(
        Paragraph("The first \(shown.count) of \(drawn.count) columns are drawn; the table above has all of them."))
    }
    return blocks
  }

  /// The most frequent words of a column.
  private static func words(_ column: Column, _ data: LookedAtData) -> RangeChart? {
    guard let codes = column.codes, let categories = column.categories, column.type != .text else { return nil }
    var counts = Array(repeating: 0, count: categories.count)
    for row in data.rows where codes[Int(row)] >= 0 { counts[Int(codes[Int(row)])] += 1 }
    let order = categories.indices.sorted { (-counts[$0], $0) < (-counts[$1], $1) }
    let rows = order.prefix(mostWords).map { RangeChart.Row(categories[$0], Double(counts[$0])) }
    let more = categories.count > mostWords ? ", the \(mostWords) most frequent of \(categories.count)" : ""
    var chart = RangeChart(title: column.name + more, xLabel: "rows", rows: Array(rows), mark: Mark(x: 0, label: ""))
    chart.isPanel = true
    return chart
  }
}
