// SPDX-License-Identifier: Apache-2.0
//
// A strip for each setting that differs: does the score depend on it?
//
// Before    CurvesSection.swift     After    Report/Data/LookedAtData.swift

import Foundation
import SwiftletReports

enum StripsSection: ComparisonSection {
  static let title = "The score against each setting"
  /// Fewer dots show nothing.
  private static let fewest = 5
  private static let mostStrips = 12
  private static let mostNames = 8

  static func blocks(_ compared: Compared) throws -> [any PageBlock] {
    guard let headline = compared.headline else { return [] }
    let runs = compared.runs.filter { $0.score != nil }
    guard runs.count >= fewest else { return [] }
    let keys = Compared(runs).differing.filter { $0 != "training.seed" }
    let strips = keys.prefix(mostStrips).compactMap { strip($0, runs, headline) }
    guard !strips.isEmpty else { return [] }
    return [
      ChartBlock(
        strips,
        caption:
          "A dot is a run. Where dots rise or fall together, the setting matters; several settings change at once, so a "
          + "single dot says little.")
    ]
  }

  private static func strip(_ key: String, _ runs: [ComparedRun], _ headline: String) -> PanelChart? {
    let values = runs.map { $0.setting(key) ?? "none" }
    let numbers = values.compactMap { Double($0) }.filter(\.isFinite)
    var chart = PanelChart(title: key, xLabel: key, yLabel: headline)
    var places: [Double]
    if numbers.count == values.count, Set(numbers).count > 2 {
      let low = numbers.min() ?? 0
      chart.isLogarithmic = low > 0 && (numbers.max() ?? 0) / low >= 30
      places = chart.isLogarithmic ? numbers.map { log10($0) } : numbers
    } else {
      let names = Array(Set(values)).sorted { (Double($0) ?? 0, $0) < (Double($1) ?? 0, $1) }
      guard names.count <= mostNames else { return nil }
      chart.xNames = names
      places = values.map { value in Double(names.firstIndex(of: value) ?? 0) }
    }
    chart.dots = zip(places, runs).map { place, run in
      PanelChart.Dot(x: place, y: run.score?.value ?? .nan, note: run.name)
    }
    chart.noteLabel = "run"
    return chart
  }
}
