// SPDX-License-Identifier: Apache-2.0
//
// Two runs side by side: the settings that differ, and the figures.
//
// Before    RunsText.swift     After    Report/ReportCommand.swift

import SwiftletFormats
import SwiftletTracking

/// What differs between two runs.
struct RunsComparison {
  private struct Difference {
    let name: String
    let first: String?
    let second: String?
  }

  private let first: RunDetails
  private let second: RunDetails

  init(_ first: RunDetails, _ second: RunDetails) {
    self.first = first
    self.second = second
  }

  private var settings: [Difference] {
    let keys =
      first.settings.map(\.key)
      + second.settings.map(\.key).filter { key in
        !first.settings.contains { $0.key == key }
      }
    return keys.map { key in
      Difference(
        name: key, first: first.settings.first { $0.key == key }?.value,
        second: second.settings.first { $0.key == key }?.value)
    }.filter { $0.first != $0.second }
  }

  /// The measures that both have.
  private var metrics: [(first: RunMetric, second: RunMetric)] {
    first.metrics.compactMap { metric in
      second.metrics.first { $0.split == metric.split && $0.name == metric.name }.map { (metric, $0) }
    }
  }

  private var hasSameData: Bool { first.run.dataSHA256 == second.run.dataSHA256 }

  var text: String {
    var parts: [String] = []
    if !hasSameData { parts.append("The two runs have other data, so their figures do not compare.\n") }
    let head = ["", first.run.id, second.run.id]
    let changed = settings.map { [$0.name, $0.first ?? "", $0.second ?? ""] }
    parts.append(changed.isEmpty ? "No setting differs." : textTable([head] + changed, alignsLeft: [0, 1, 2]))
    let measured = metrics.map { pair in
      let difference = pair.first.value.flatMap { a in pair.second.value.map { $0 - a } }
      return ["\(pair.first.split) \(pair.first.name)"]
        + [pair.first.value, pair.second.value, difference].map { $0.map { decimals($0, 4) } ?? "" }
    }
    if !measured.isEmpty { parts.append("\n" + textTable([head + ["difference"]] + measured)) }
    return parts.joined(separator: "\n")
  }

  var json: JSONValue {
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    let changed = settings.map { setting -> JSONValue in
      ["key": .string(setting.name), "a": text(setting.first), "b": text(setting.second)]
    }
    let measured = metrics.map { pair -> JSONValue in
      [
        "split": .string(pair.first.split), "name": .string(pair.first.name), "a": number(pair.first.value),
        "b": number(pair.second.value),
      ]
    }
    return [
      "a": .string(first.run.id), "b": .string(second.run.id), "same_data": .bool(hasSameData),
      "settings": .array(changed), "metrics": .array(measured),
    ]
  }
}
