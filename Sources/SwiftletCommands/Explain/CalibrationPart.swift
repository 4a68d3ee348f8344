// SPDX-License-Identifier: Apache-2.0
//
// Whether the probabilities are true, in words.
//
// Before    WrongRowsPart.swift     After    SlicesPart.swift

import SwiftletFormats
import SwiftletReports
import SwiftletUnderstanding

/// The calibration of a classifier.
struct CalibrationPart: ExplainedPart {
  static let name = "calibration"
  static let help = "whether what it says with 0.7 is true in 7 of 10 rows"

  private let calibration: Calibration

  init(_ subject: ExplainedModel) throws { calibration = try Calibration(subject.rows) }

  var json: JSONValue { calibration.json }

  var text: String {
    let rows = calibration.bins.map { bin in
      [
        "\(bin.count)", decimals(bin.probability, 3), decimals(bin.share, 3),
        "[\(decimals(bin.interval.low, 3)), \(decimals(bin.interval.high, 3))]",
        bin.probability < bin.interval.low
          ? "happens more often" : bin.probability > bin.interval.high ? "happens less often" : "",
      ]
    }
    let within = decimals(calibration.withinBins, 4)
    return """
      Whether its probabilities are true, of: \(calibration.event)

      \(textTable([["rows", "said", "happened", "95 % interval", ""]] + rows, alignsLeft: [3, 4]))

      Expected calibration error \(decimals(calibration.error, 4)): \(verdict)
      Brier score \(decimals(calibration.brier, 4)) = reliability \(decimals(calibration.reliability, 4)) − resolution \
      \(decimals(calibration.resolution, 4)) + uncertainty \(decimals(calibration.uncertainty, 4)) + within the bins \(within)
      """
  }

  var pictures: [Picture] {
    var plot = ScatterPlot(
      title: "Whether the probabilities are true: \(calibration.event)", xLabel: "said", yLabel: "happened",
      groups: [Series("bins", x: calibration.bins.map(\.probability), y: calibration.bins.map(\.share))])
    plot.showsDiagonal = true
    plot.whiskers = calibration.bins.map { Whisker(x: $0.probability, low: $0.interval.low, high: $0.interval.high) }
    return [Picture(file: "calibration.svg", chart: plot)]
  }

  private var verdict: String {
    let chance = "chance alone reaches \(decimals(calibration.chanceError, 4)) in 1 of 20 cases"
    return calibration.isBeyondChance
      ? "\(chance), so the probabilities are off. --calibrate may mend them."
      : "\(chance), so nothing is shown to be off."
  }
}
