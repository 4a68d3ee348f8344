// SPDX-License-Identifier: Apache-2.0
//
// How the answers go with a column, in words and pictures.
//
// Before    SlicesPart.swift     After    RowsPart.swift

import SwiftletFormats
import SwiftletReports
import SwiftletUnderstanding

/// The dependence of the answers on each column.
struct DependencePart: ExplainedPart {
  static let name = "dependence"
  static let help = "what it would answer on average if every row had the same value in a column"

  /// By falling range.
  private let columns: [PartialDependence]
  private let top: Int

  init(_ subject: ExplainedModel) throws {
    columns = try PartialDependence.all(subject.rows).sorted { $0.range > $1.range }
    top = subject.top
  }

  var json: JSONValue { .array(columns.map(\.json)) }

  var text: String {
    let shown = columns.prefix(top)
    let rows = shown.compactMap { column in
      zip(column.outputs, column.means).max { spread($0.1) < spread($1.1) }.map { row(column, $0.0, $0.1) }
    }
    let rest = columns.count - shown.count
    let more = rest > 0 ? "\n… and \(rest) more; --top shows more of them" : ""
    let labels = (columns.first?.outputs.count ?? 0) > 1 ? "Of several, the one that moves most. " : ""
    let what = columns.first?.isProbability == true ? "mean probability" : "mean answer"
    return """
      How its answers go with a column: the \(what) if every row had the same value, the widest range first
      \(labels)Numbers from the smallest to the largest, words from the most frequent to the rarest

      \(textTable([["", "of", "", "least", "", "most", ""]] + rows, alignsLeft: [0, 1, 2, 4, 6]))\(more)
      """
  }

  private func spread(_ means: [Double]) -> Double { (means.max() ?? 0) - (means.min() ?? 0) }

  private func row(_ column: PartialDependence, _ output: String, _ means: [Double]) -> [String] {
    let least = means.indices.min { means[$0] < means[$1] } ?? 0
    let most = means.indices.max { means[$0] < means[$1] } ?? 0
    func at(_ place: Int) -> String { column.places.indices.contains(place) ? column.places[place].text ?? "" : "" }
    func value(_ place: Int) -> String { means.indices.contains(place) ? figure(means[place]) : "" }
    return [
      column.column, output, sparkline(means), value(least), "at \(at(least))", value(most), "at \(at(most))",
    ]
  }

  private func figure(_ value: Double) -> String {
    let size = value.magnitude
    return decimals(value, size >= 1000 ? 0 : size >= 10 ? 1 : 3)
  }

  /// Bars of eight heights.
  private func sparkline(_ values: [Double]) -> String {
    let bars = Array("▁▂▃▄▅▆▇█")
    guard let low = values.min(), let high = values.max(), high > low else { return "" }
    return String(values.map { bars[min(7, Int(8 * ($0 - low) / (high - low)))] })
  }

  var pictures: [Picture] {
    columns.prefix(top).enumerated().map { position, column in
      Picture(file: "dependence-\(position + 1).svg", chart: chart(of: column))
    }
  }

  private func chart(of column: PartialDependence) -> any Chart {
    let title = "What the answers do with \(column.column)"
    let label = column.isProbability ? "mean probability" : "mean answer"
    guard column.isNumeric else {
      let rows = zip(column.outputs, column.means).flatMap { output, means in
        zip(column.places, means).map { place, mean in
          let name = place.text ?? "missing"
          return RangeChart.Row(column.outputs.count > 1 ? "\(name): \(output)" : name, mean)
        }
      }
      return RangeChart(title: title, xLabel: label, rows: Array(rows.prefix(40)))
    }
    let x = column.places.compactMap(\.number)
    var chart = LineChart(
      title: title, xLabel: column.column, yLabel: label,
      series: zip(column.outputs, column.means).map { Series($0, x: x, y: $1) })
    // More curves than these would only be a blot.
    let step = max(1, column.curves.count / 60)
    let curves = column.centeredCurves
    chart.background = stride(from: 0, to: curves.count, by: step).map { Series("", x: x, y: curves[$0]) }
    return chart
  }
}
