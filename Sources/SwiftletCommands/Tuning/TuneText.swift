// SPDX-License-Identifier: Apache-2.0
//
// A search as text and as pictures.
//
// Before    TuneSearch.swift     After    StudyDiagnosis.swift

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletReports
import SwiftletSearch
import SwiftletUnderstanding

/// What is shown of a search.
enum TuneText {
  /// How a trial went so far.
  static func sentence(of trial: Trial) -> String {
    trial.error ?? trial.rungs.last.map { "\(decimals($0.score, 4)) on validation rows" } ?? "not begun"
  }

  /// The scores of the first rung against the values of one setting.
  static func picture(_ dimension: TuningDimension, _ result: StudyResult) -> ScatterPlot {
    var x: [Double] = []
    var y: [Double] = []
    var label = dimension.key
    for trial in result.trials {
      guard let score = trial.rungs.first?.score,
        let value = trial.settings.first(where: { $0.name == dimension.key })?.value
      else { continue }
      switch dimension.candidates {
      case .choice(let choices): x.append(Double((choices.firstIndex(of: value) ?? 0) + 1))
      case .range(let range): x.append(range.isLogarithmic ? log10(value.number ?? 1) : value.number ?? 0)
      }
      y.append(score)
    }
    switch dimension.candidates {
    case .choice(let choices):
      label += ": " + choices.enumerated().map { "\($0 + 1) is \($1.encoded())" }.joined(separator: ", ")
    case .range(let range): if range.isLogarithmic { label = "log10 of " + label }
    }
    return ScatterPlot(
      title: "\(result.metric.name) by \(dimension.key)", xLabel: label, yLabel: result.metric.name,
      groups: [Series("trials", x: x, y: y)])
  }

  /// Why the recipe itself has won.
  private static func nothingBetter(_ result: StudyResult) -> String {
    let others = result.trials.filter { $0.index > 0 }
    guard !others.contains(where: { $0.error == nil && !$0.rungs.isEmpty }) else {
      return "No trial is better than the recipe."
    }
    let none = "No trial was compared with the recipe: "
    if others.isEmpty { return none + "one trial is the recipe itself. --trials N makes N − 1 others." }
    guard let error = others.compactMap(\.error).first else {
      return none + "none is in the folder. If they were run, look whether --output is the one that they were run with."
    }
    return none + "all that were run failed, such as: \(error)"
  }

  static func text(
    _ result: StudyResult, _ findings: [Finding], path: String, folder: String, seconds: Double
  ) -> String {
    func row(_ name: String, _ mean: FoldMean) -> [String] {
      [
        name, decimals(mean.mean, 4),
        mean.interval.map { "[\(decimals($0.low, 4)), \(decimals($0.high, 4))]" } ?? "",
      ]
    }
    let winner = "trial \(result.winner.index)"
    let rows = [
      row("the recipe", result.recipeMean), row(winner, result.winnerMean), row("difference", result.difference),
    ].prefix(result.winner.index == 0 ? 1 : 3)
    let settings = result.winner.settings.map { "  \($0.name): \($0.value.encoded())" }
    let told = findings.flatMap { ["", "\($0.code)  \($0.sentence)", ""] }
    let verdict =
      switch result.verdict {
      case .better: "\(winner) is better than the recipe."
      case .worse: "\(winner) is worse than the recipe."
      case .notDistinguishable:
        result.winner.index == 0
          ? nothingBetter(result) : "\(winner) is not distinguishable from the recipe."
      }
    return """
      \(result.finishedCount) of \(result.trials.count) trials in \(decimals(seconds, 2)) s

      \(textTable([["", result.metric.name, "95 % interval"]] + rows, alignsLeft: [0, 2]))

      \(verdict)
      \(((settings.isEmpty ? [] : ["Its settings:"] + settings) + told).joined(separator: "\n"))
      Saved \(path), and its recipe and the pictures of the search in \(folder).
      """
  }
}
