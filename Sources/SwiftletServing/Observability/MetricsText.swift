// SPDX-License-Identifier: Apache-2.0
//
// The text of metrics, line by line.
//
// Before    PrometheusExporter.swift     After    ProcessMetrics.swift
// Source    prometheus.io/docs/instrumenting/exposition_formats; OpenMetrics 1.0, section 4

import SwiftletFormats

/// Collects families of samples.
struct MetricsText {
  enum Kind: String { case counter, gauge, histogram, summary }

  let isOpenMetrics: Bool
  private var text = ""
  private var name = ""
  private var suffix = ""

  init(isOpenMetrics: Bool) { self.isOpenMetrics = isOpenMetrics }

  /// Begins a family. The name of a counter is given without `_total`, which its samples end in.
  mutating func family(_ name: String, _ kind: Kind, _ help: String) {
    self.name = name
    suffix = kind == .counter ? "_total" : ""
    // In OpenMetrics the family has the name without the suffix, in the older text with it.
    let shown = isOpenMetrics ? name : name + suffix
    text += "# HELP \(shown) \(help)\n# TYPE \(shown) \(kind.rawValue)\n"
  }

  /// A family whose counters have the names of another server, without our suffix.
  mutating func foreignFamily(_ name: String, _ kind: Kind, _ help: String) {
    family(name, kind, help)
    if kind == .counter {
      text.removeLast("# HELP \(name)_total \(help)\n# TYPE \(name)_total counter\n".count)
      suffix = ""
      text += "# HELP \(name) \(help)\n# TYPE \(name) counter\n"
    }
  }

  mutating func sample(_ labels: [(String, String)], _ value: Double) { line(name + suffix, labels, value) }

  mutating func histogram(_ labels: [(String, String)], _ histogram: Histogram) {
    var total = 0
    for (position, count) in histogram.counts.enumerated() {
      total += count
      let bound = position < histogram.bounds.count ? spelled(histogram.bounds[position]) : "+Inf"
      line(name + "_bucket", labels + [("le", bound)], Double(total))
    }
    line(name + "_sum", labels, histogram.sum)
    line(name + "_count", labels, Double(histogram.count))
  }

  /// A sum and a count, without quantiles.
  mutating func summary(_ labels: [(String, String)], seconds nanoseconds: Int, count: Int) {
    line(name + "_sum", labels, Double(nanoseconds) / 1e9)
    line(name + "_count", labels, Double(count))
  }

  func finished() -> String { isOpenMetrics ? text + "# EOF\n" : text }

  private mutating func line(_ name: String, _ labels: [(String, String)], _ value: Double) {
    text += name
    if !labels.isEmpty {
      text += "{" + labels.map { "\($0.0)=\"\(MetricsText.escaped($0.1))\"" }.joined(separator: ",") + "}"
    }
    text += " \(JSONValue.spelling(of: value))\n"
  }

  /// Bounds are numbers with a point in OpenMetrics: `1.0`.
  private func spelled(_ bound: Double) -> String { isOpenMetrics ? bound.description : JSONValue.spelling(of: bound) }

  private static func escaped(_ value: String) -> String {
    value.reduce(into: "") { text, character in
      switch character {
      case "\\": text += "\\\\"
      case "\"": text += "\\\""
      case "\n": text += "\\n"
      default: text.append(character)
      }
    }
  }
}
