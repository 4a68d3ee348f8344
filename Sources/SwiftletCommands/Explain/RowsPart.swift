// SPDX-License-Identifier: Apache-2.0
//
// Whether more rows would help, in words.
//
// Before    DependencePart.swift     After    FairnessPart.swift

import SwiftletFormats
import SwiftletModels
import SwiftletReports
import SwiftletTables
import SwiftletTraining
import SwiftletUnderstanding

/// The loss by the number of training rows.
struct RowsPart: ExplainedPart {
  static let name = "more_rows"
  static let help = "whether more rows would help: trains again on parts of them, so only if --part asks for it"

  private let curve: RowsCurve

  static func isTold(_ subject: ExplainedModel) -> Bool { false }

  init(_ subject: ExplainedModel) throws {
    var recipe = try subject.bundle.recipe()
    guard subject.isTrainingData else {
      throw DataError("Smaller trainings need the data that the model was trained on, and these are others.")
    }
    recipe.data = subject.loader.path
    if recipe.targets.isEmpty { recipe.targets = subject.bundle.head.targetNames }
    recipe.task = subject.bundle.task
    curve = try RowsCurve(try Experiment(subject.loader, recipe), recipe) { done, count in
      if !subject.isQuiet { printError("training \(done) of \(count)") }
    }
  }

  var json: JSONValue { curve.json }

  var text: String {
    let rows = curve.points.map { point in
      ["\(point.rowCount)", decimals(point.mean, 4)]
        + [point.losses.map { decimals($0, 4) }.joined(separator: "  ")]
    }
    return """
      Whether more rows would help: \(curve.metric) of \(curve.judgedCount) \(curve.split.rawValue) rows, after trainings \
      on fewer rows

      \(textTable([["training rows", "mean", "each"]] + rows, alignsLeft: [2]))

      \(statement)
      """
  }

  private var statement: String {
    guard let law = curve.law, let limit = curve.limit, curve.isLawful || limit.high >= curve.points.last?.mean ?? 0
    else { return "The losses follow no law that could say what more rows would bring." }
    guard let gain = curve.gainOfTwice else { return silence(law, limit) }
    return "Twice the rows: about −\(decimals(gain, 4)) (95 % interval: \(range)). The law is \(decimals(law.a, 3)) + "
      + "\(decimals(law.b, 2)) · n^−\(decimals(law.c, 2))."
  }

  /// Where the gain probably is.
  private var range: String {
    curve.promiseInterval.map { "\(signed(-$0.high)) to \(signed(-$0.low))" } ?? "unknown"
  }

  /// Why nothing is promised.
  private func silence(_ law: PowerLaw, _ limit: Interval) -> String {
    let reached = curve.points.last?.mean ?? 0
    guard limit.high < reached else {
      return
        "These trainings do not show that more rows would help: the loss that no number of rows takes away is from "
        + "\(decimals(limit.low, 3)) to \(decimals(limit.high, 3)), and \(decimals(reached, 3)) is reached."
    }
    let start = "The curve does not tell what more rows would bring: "
    guard law.isInside else {
      return start + "these points do not decide where the law ends (\(decimals(law.a, 3)) + \(decimals(law.b, 2)) · "
        + "n^−\(decimals(law.c, 2)))."
    }
    if let promise = curve.promise, let last = curve.gainOfLast, promise > last {
      return start + "the law has \(signed(-promise)) for twice the rows, and the last doubling brought "
        + "\(signed(-last))."
    }
    return start + "with other seeds and other rows to judge by, the law's promise for twice the rows could be "
      + "anything from \(range)."
  }

  private func signed(_ value: Double) -> String { (value < 0 ? "−" : "+") + decimals(abs(value), 4) }

  var pictures: [Picture] {
    let points = Series(
      "trainings", x: curve.points.map { Double($0.rowCount) }, y: curve.points.map(\.mean))
    let x = stride(from: 0.0, through: 1, by: 0.02).map { part in
      let (low, high) = (points.x.first ?? 1, 2 * (points.x.last ?? 1))
      return low + part * part * (high - low)
    }
    let law = curve.law.map { law in [Series("law", x: x, y: x.map { law.loss($0) })] } ?? []
    let chart = LineChart(
      title: "The loss by the number of training rows", xLabel: "training rows", yLabel: curve.metric,
      series: [points] + law)
    return [Picture(file: "rows.svg", chart: chart)]
  }
}
