// SPDX-License-Identifier: Apache-2.0
//
// ComparedRun: one of several models or runs that stand beside each other.
//
// A run in the list may have left no model, as a trial of a search or one that was killed: its settings, curve and figures are
// there all the same.
//
// Before    Report/CardText.swift     After    ComparisonSection.swift

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletReports
import SwiftletTables
import SwiftletTracking

/// A model or a run.
struct ComparedRun {
  /// What the page calls it.
  var name: String
  let settings: [SettingText]
  /// The measure that it is judged by.
  let headline: String
  /// Its value, with its interval if that is known.
  let score: Metric?
  /// The rows that judged it.
  let split: String
  /// The losses by epoch.
  let curve: [Series]
  /// The SHA-256 of its data.
  let dataSHA256: String
  /// What else should be known, such as that it was killed.
  let state: String
  /// The model, if there is one.
  let model: ReportedModel?

  /// A model in a folder.
  init(_ model: ReportedModel, name: String) throws {
    self.name = name
    self.model = model
    settings = SettingText.all(in: model.bundle.training["recipe"] ?? .null)
    headline = model.headline
    score = model.metrics.first { $0.name == model.headline }
    split = model.split.rawValue
    curve = try LearningCurve.series(model.bundle.history)
    dataSHA256 = model.bundle.training["data_sha256"]?.string ?? ""
    state = ""
  }

  /// A run in the list, with its model if that is there.
  init(_ details: RunDetails) {
    let run = details.run
    name = run.name
    model = run.bundle.flatMap { ComparedRun.hasModel($0) ? try? ReportedModel($0) : nil }
    settings = details.settings
    headline = run.headline ?? ""
    let judged = Split.allCases.last { split in
      details.metrics.contains { $0.split == split.rawValue && $0.name == run.headline }
    }
    let metric = details.metrics.first { $0.split == judged?.rawValue && $0.name == run.headline }
    let interval = metric.flatMap { metric in
      metric.low.flatMap { low in metric.high.map { Interval(low: low, high: $0) } }
    }
    score = (run.score ?? metric?.value).map { Metric(run.headline ?? "score", $0, interval: interval) }
    split = judged?.rawValue ?? ""
    curve = ["train_loss", "validation_loss"].compactMap { name in
      let points = details.points.filter { $0.name == name }
      guard !points.isEmpty else { return nil }
      return Series(
        name.replacingOccurrences(of: "_", with: " "), x: points.map { Double($0.step) },
        y: points.map { $0.value ?? .nan })
    }
    dataSHA256 = run.dataSHA256 ?? ""
    state = run.state == .completed ? "" : run.state.rawValue
  }

  /// A trial of a search, as its folder has it: the score on validation rows after the most epochs that it was given.
  ///
  /// - Parameters:
  ///   - trial: The file of the trial.
  ///   - study: What the search is of.
  init?(trial: JSONValue, of study: JSONValue) {
    guard let index = trial["index"]?.integer else { return nil }
    name = "trial \(index)"
    model = nil
    let own = SettingText.all(in: trial["settings"] ?? .null)
    let usual = SettingText.all(in: study["recipe"] ?? .null)
    settings = usual.filter { setting in !own.contains { $0.key == setting.key } } + own
    let rungs = trial["rungs"]?.array ?? []
    let epochs = rungs.last?["epochs"]?.integer ?? 0
    let named = study["metric"]?.string ?? ""
    let measure = named.isEmpty ? "loss" : named
    headline = measure
    score = rungs.last?["score"]?.number.map { Metric(measure, $0) }
    split = epochs > 0 ? "validation, after \(epochs) epochs" : "validation"
    curve = []
    dataSHA256 = study["data_sha256"]?.string ?? ""
    state = trial["error"]?.string.map { "failed: \($0)" } ?? ""
  }

  /// The trials of a search, from its folder; `nil` if it is none.
  ///
  /// - Throws: `FormatError` for a file that cannot be read.
  static func trials(in folder: String) throws -> [ComparedRun]? {
    func read(_ name: String) throws -> JSONValue {
      try JSONValue.parse(ByteSource.file(folder + "/" + name).readAll()[...], name: folder + "/" + name)
    }
    guard FileManager.default.fileExists(atPath: folder + "/study.json") else { return nil }
    let study = try read("study.json")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    let numbers = names.compactMap { name in
      name.hasPrefix("trial-") && name.hasSuffix(".json") ? Int(name.dropFirst(6).dropLast(5)) : nil
    }
    let trials = try numbers.sorted().prefix(1000).map { try read("trial-\($0).json") }
    return trials.compactMap { ComparedRun(trial: $0, of: study) }
  }

  /// Whether a folder holds a model.
  static func hasModel(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path + "/model.json") }

  /// The setting with a key.
  func setting(_ key: String) -> String? { settings.first { $0.key == key }?.value }
}

/// Several models or runs.
struct Compared {
  let runs: [ComparedRun]

  /// Runs with names that differ.
  init(_ runs: [ComparedRun]) {
    var runs = runs
    for (position, run) in runs.enumerated() where runs.count(where: { $0.name == run.name }) > 1 {
      runs[position].name = "\(run.name) (\(position + 1))"
    }
    self.runs = runs
  }

  /// The keys of the settings that differ, without those that only name a place.
  var differing: [String] {
    var keys: [String] = []
    for run in runs { keys += run.settings.map(\.key).filter { !keys.contains($0) } }
    return keys.filter { key in Set(runs.map { $0.setting(key) }).count > 1 }
  }

  /// The measure that all are judged by, if it is one.
  var headline: String? {
    let names = Set(runs.compactMap { $0.score?.name })
    return names.count == 1 ? names.first : nil
  }
}
