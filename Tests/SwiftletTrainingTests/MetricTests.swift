// SPDX-License-Identifier: Apache-2.0

import SwiftletTensors
import SwiftletTraining
import Testing

@Suite("Metrics")
struct MetricTests {
  private func value(_ name: String, _ metrics: [Metric]) -> Double? { metrics.first { $0.name == name }?.value }

  @Test("agree with a table worked by hand")
  func byHand() {
    // True a a a b; predicted a a b b. Precision of a 2/2, of b 1/2; recall of a 2/3, of b 1/1.
    let p = Tensor([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.4, 0.6]])
    let metrics = classificationMetrics(labels: [0, 0, 0, 1], predicted: [0, 0, 1, 1], probabilities: p)
    #expect(value("accuracy", metrics) == 0.75)
    #expect(value("macro_precision", metrics) == 0.75)
    #expect(abs((value("macro_recall", metrics) ?? 0) - 5.0 / 6) < 1e-12)
    #expect(abs((value("macro_f1", metrics) ?? 0) - (0.8 + 2.0 / 3) / 2) < 1e-12)
    #expect(abs((value("roc_auc", metrics) ?? 0) - 2.0 / 3) < 1e-12)  // b stands above two of three a
    #expect(value("average_precision", metrics) == 0.5)  // the one positive is second
    #expect(confusionMatrix(labels: [0, 0, 0, 1], predicted: [0, 0, 1, 1], classCount: 2) == [[2, 1], [0, 1]])
  }

  @Test("count equal scores half, and know when there is nothing to rank")
  func ties() {
    #expect(areaUnderROC(scores: [1, 1, 1], isPositive: [true, false, true]) == 0.5)
    #expect(areaUnderROC(scores: [1, 2], isPositive: [true, true]) == nil)
    #expect(averagePrecision(scores: [1, 2], isPositive: [false, false]) == nil)
  }

  @Test("measure a regression in its unit")
  func regression() {
    let metrics = regressionMetrics(targets: [[1, 2, 3]], predictions: [[1], [2], [5]], names: ["y"])
    #expect(abs((value("rmse", metrics) ?? 0) - (4.0 / 3).squareRoot()) < 1e-12)
    #expect(abs((value("mae", metrics) ?? 0) - 2.0 / 3) < 1e-12)
    #expect(value("r2", metrics) == -1)  // 1 − 4/2
  }
}
