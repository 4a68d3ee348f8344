// SPDX-License-Identifier: Apache-2.0
//
// How the answer depends on a column.
//
// Before    ImportanceSection.swift     After    SlicesSection.swift

import SwiftletModels
import SwiftletReports
import SwiftletUnderstanding

enum DependenceSection: ReportSection {
  static let title = "How the answer depends on a column"
  private static let mostColumns = 4
  private static let mostOutputs = 4
  private static let mostNames = 8

  static func blocks(_ model: ReportedModel) throws -> [any PageBlock] {
    guard let answered = model.answered, model.bundle.pipeline.inputs.count > 1 else { return [] }
    let all = try PartialDependence.all(answered).sorted { $0.range > $1.range }
    let charts = all.prefix(mostColumns).filter { $0.range > 0 }.map(chart)
    guard !charts.isEmpty else { return [] }
    return [
      ChartBlock(
        charts,
        caption:
          "The mean answer if every row had this value and everything else stayed as it is. The \(charts.count) columns "
          + "that move it most. Where columns go together, some of these rows could not exist.")
    ]
  }

  private static func chart(_ dependence: PartialDependence) -> PanelChart {
    let what = dependence.isProbability ? "mean probability" : "mean prediction"
    let only = dependence.outputs.count == 1 ? " of \(dependence.outputs[0])" : ""
    var chart = PanelChart(title: dependence.column, xLabel: dependence.column, yLabel: what + only)
    guard dependence.isNumeric else {
      let places = Array(dependence.places.prefix(mostNames))
      chart.xNames = places.map { $0.text ?? "missing" }
      chart.dots = zip(places.indices, dependence.means[0]).map { PanelChart.Dot(x: Double($0), y: $1) }
      return chart
    }
    let x = dependence.places.map { $0.number ?? .nan }
    chart.lines = zip(dependence.outputs, dependence.means).prefix(mostOutputs).map { Series($0, x: x, y: $1) }
    return chart
  }
}
