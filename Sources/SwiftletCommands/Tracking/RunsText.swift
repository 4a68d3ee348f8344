// SPDX-License-Identifier: Apache-2.0
//
// Runs as text and as JSON.
//
// Before    RunsExport.swift     After    RunsComparison.swift

import Foundation
import SwiftletFormats
import SwiftletTracking

/// Runs as text.
enum RunsText {
  /// A line for each run.
  static func table(_ runs: [TrackedRun]) -> String {
    guard !runs.isEmpty else { return "The list has no runs." }
    let lines = runs.map { run in
      [
        run.id, run.name, run.state.rawValue, time(run.started), run.kind ?? "", run.headline ?? "",
        run.score.map { decimals($0, 4) } ?? "", run.seconds.map { decimals($0, 2) } ?? "",
        run.partCount > 0 ? "\(run.partCount)" : "",
      ]
    }
    let hasParts = runs.contains { $0.partCount > 0 }
    let head = ["run", "name", "state", "started", "kind", "measure", "score", "seconds", "parts"]
    return textTable(([head] + lines).map { hasParts ? $0 : Array($0.dropLast()) }, alignsLeft: [0, 1, 2, 3, 4, 5])
  }

  /// All that is known of a run.
  static func page(_ details: RunDetails) -> String {
    let run = details.run
    let facts: [(String, String?)] = [
      ("state", run.state.rawValue), ("started", time(run.started)), ("ended", run.ended.map(time)),
      ("seconds", run.seconds.map { decimals($0, 3) }), ("experiment", run.experiment), ("part of", run.parent),
      ("kind", run.kind), ("task", run.task), ("data", run.data), ("model", run.bundle), ("machine", run.machine),
      ("swiftlet", run.swiftlet), ("command", run.command.isEmpty ? nil : run.command), ("error", run.error),
    ]
    let known = facts.compactMap { name, value in value.map { [name, $0] } } + details.tags.map { [$0.key, $0.value] }
    var parts = ["\(run.name), run \(run.id)\n", textTable(known, alignsLeft: [0, 1])]
    if !details.metrics.isEmpty {
      let rows = details.metrics.map { metric in
        let interval = metric.low.flatMap { low in metric.high.map { "[\(decimals(low, 4)), \(decimals($0, 4))]" } }
        return [metric.split, metric.name, metric.value.map { decimals($0, 4) } ?? "", interval ?? ""]
      }
      parts.append("\nFigures\n\n" + textTable(rows, alignsLeft: [0, 1]))
    }
    let losses = ["train_loss", "validation_loss"].map { name in
      details.points.filter { $0.name == name }.map { $0.value ?? .nan }
    }
    let drawing = chart(losses.filter { !$0.isEmpty })
    if !drawing.isEmpty {
      parts.append("\ntrain_loss\(losses[1].isEmpty ? "" : " and validation_loss (dashed)") by epoch\n\n\(drawing)")
    }
    parts.append("\nSettings\n\n" + textTable(details.settings.map { [$0.key, $0.value] }, alignsLeft: [0, 1]))
    return parts.joined(separator: "\n")
  }

  /// A time where the user is.
  private static func time(_ seconds: Double) -> String {
    let form = DateFormatter()
    form.locale = Locale(identifier: "en_US_POSIX")
    form.dateFormat = "yyyy-MM-dd HH:mm:ss"
    return form.string(from: Date(timeIntervalSince1970: seconds))
  }

  /// A time for programs: ISO 8601, in UTC.
  static func isoTime(_ seconds: Double) -> String {
    ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: seconds))
  }
}

extension TrackedRun {
  /// What `runs --json` prints of a run.
  var json: JSONValue {
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    return [
      "id": .string(id), "state": .string(state.rawValue), "name": .string(name), "experiment": .string(experiment),
      "parent": text(parent), "score": number(score), "metric": text(headline),
      "started": .string(RunsText.isoTime(started)), "ended": text(ended.map(RunsText.isoTime)),
      "seconds": number(seconds), "kind": text(kind), "task": text(task), "data": text(data),
      "data_sha256": text(dataSHA256), "seed": seed.map { JSONValue($0) } ?? .null, "bundle": text(bundle),
      "command": .string(command), "error": text(error), "parts": JSONValue(partCount),
    ]
  }
}

extension RunDetails {
  /// What `runs show --json` prints.
  var json: JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    let measures = metrics.map { metric -> JSONValue in
      [
        "split": .string(metric.split), "name": .string(metric.name), "value": number(metric.value),
        "low": number(metric.low), "high": number(metric.high),
      ]
    }
    let curves = points.map { point -> JSONValue in
      ["name": .string(point.name), "step": JSONValue(point.step), "value": number(point.value)]
    }
    return .object(
      (run.json.members ?? []) + [
        .init("recipe", recipe), .init("metrics", .array(measures)), .init("points", .array(curves)),
        .init("tags", .object(tags.map { .init($0.key, .string($0.value)) })),
      ])
  }
}
