// SPDX-License-Identifier: Apache-2.0
//
// How each column goes with the target.
//
// Before    DistributionsSection.swift     After    CorrelationsSection.swift

import SwiftletModels
import SwiftletReports
import SwiftletTables

enum TargetSection: DataSection {
  static let title = "The target against each column"
  private static let mostCharts = 8
  private static let mostGroups = 8

  static func blocks(_ data: LookedAtData) throws -> [any PageBlock] {
    guard let target = data.target, target.images == nil, target.type != .text else { return [] }
    let features = data.features.filter { $0.images == nil && $0.type != .text && !$0.namesSplits }
    guard !features.isEmpty else { return [] }
    let order = features.map { (column: $0, value: data.closeness($0, target)) }.sorted { $0.value > $1.value }
    let chart = RangeChart(
      title: "How closely each goes with \(target.name)", xLabel: "closeness, from 0 to 1",
      rows: order.prefix(20).map { RangeChart.Row($0.column.name, $0.value) }, mark: Mark(x: 0, label: ""))
    let charts = order.prefix(mostCharts).compactMap { panel($0.column, target, data) }
    let more = order.count > 20 ? " The 20 closest of \(order.count)." : ""
    return [
      ChartBlock(
        chart,
        caption:
          "|r| of two numbers, Cramér's V of two columns of words, η of words and numbers. Near 1 is a gift, or a leak: would it "
          + "be known before the answer is?\(more)"),
      ChartBlock(charts, caption: caption(target, charts.count, order.count)),
    ]
  }

  private static func caption(_ target: Column, _ shown: Int, _ all: Int) -> String {
    let what =
      target.numbers == nil
      ? "Shares have 95 % intervals; of numbers, the middle and the quarters on both sides of it."
      : "The middle of \(target.name), and the quarters on both sides of it, by tenths of the rows or by word."
    return what + (all > shown ? " The \(shown) closest columns." : "")
  }

  private static func panel(_ column: Column, _ target: Column, _ data: LookedAtData) -> (any Chart)? {
    if let codes = target.codes, let names = target.categories {
      if let numbers = column.numbers { return spreads(of: numbers, column.name, by: codes, names, target.name, data) }
      return shares(column, codes, names, data)
    }
    guard let numbers = target.numbers else { return nil }
    if let codes = column.codes, let names = column.categories {
      return spreads(of: numbers, target.name, by: codes, names, column.name, data)
    }
    return column.numbers.flatMap { tenths($0, column.name, numbers, target.name, data) }
  }

  /// The middle and the quarters of numbers for each word.
  private static func spreads(
    of numbers: Numbers, _ name: String, by codes: [Int32], _ words: [String], _ by: String, _ data: LookedAtData
  ) -> RangeChart {
    var groups = Array(repeating: [Double](), count: words.count)
    for row in data.rows where codes[Int(row)] >= 0 { groups[Int(codes[Int(row)])].append(numbers[Int(row)]) }
    let largest = groups.indices.sorted { (-groups[$0].count, $0) < (-groups[$1].count, $1) }.prefix(mostGroups)
      .sorted()
    let rows = largest.compactMap { group in
      Quartiles(groups[group]).map {
        RangeChart.Row(words[group], $0.middle, range: $0.low...$0.high, note: "\(groups[group].count)")
      }
    }
    var chart = RangeChart(title: "\(name) by \(by)", xLabel: name, rows: rows)
    chart.isPanel = true
    return chart
  }

  /// The share of one class for each word: of the second of two, or of the most frequent.
  private static func shares(_ column: Column, _ labels: [Int32], _ names: [String], _ data: LookedAtData)
    -> RangeChart?
  {
    guard let codes = column.codes, let words = column.categories, !names.isEmpty else { return nil }
    var counts = Array(repeating: Array(repeating: 0, count: names.count), count: words.count)
    var totals = Array(repeating: 0, count: names.count)
    for row in data.rows where codes[Int(row)] >= 0 && labels[Int(row)] >= 0 {
      counts[Int(codes[Int(row)])][Int(labels[Int(row)])] += 1
      totals[Int(labels[Int(row)])] += 1
    }
    let chosen = names.count == 2 ? 1 : totals.indices.max { totals[$0] < totals[$1] } ?? 0
    let sizes = counts.map { $0.reduce(0, +) }
    let largest = words.indices.sorted { (-sizes[$0], $0) < (-sizes[$1], $1) }.prefix(mostGroups).sorted()
    let rows = largest.filter { sizes[$0] > 0 }.map { word in
      let rate = Rate(successes: Double(counts[word][chosen]), count: Double(sizes[word]))
      let interval = rate.interval()
      return RangeChart.Row(
        words[word], rate.successes / rate.count, range: interval.low...max(interval.low, interval.high),
        note: "\(sizes[word])")
    }
    let all = Double(totals[chosen]) / Double(max(1, totals.reduce(0, +)))
    var chart = RangeChart(
      title: "Share of \(names[chosen]) by \(column.name)", xLabel: "share of \(names[chosen])", rows: rows,
      mark: Mark(x: all, label: "all rows"))
    chart.isPanel = true
    return chart
  }

  /// The middle of the target in each tenth of a column.
  private static func tenths(
    _ numbers: Numbers, _ name: String, _ target: Numbers, _ targetName: String, _ data: LookedAtData
  ) -> PanelChart? {
    let pairs = data.rows.map { (x: numbers[Int($0)], y: target[Int($0)]) }
      .filter { $0.x.isFinite && $0.y.isFinite }.sorted { $0.x < $1.x }
    guard pairs.count >= 20 else { return nil }
    var chart = PanelChart(title: "\(targetName) by \(name)", xLabel: name, yLabel: targetName)
    chart.dots = (0..<10).compactMap { tenth in
      let part = pairs[tenth * pairs.count / 10..<(tenth + 1) * pairs.count / 10]
      guard let place = Quartiles(part.map(\.x)), let spread = Quartiles(part.map(\.y)) else { return nil }
      return PanelChart.Dot(x: place.middle, y: spread.middle, bar: spread.low...spread.high, note: "\(part.count)")
    }
    return chart
  }
}
