// SPDX-License-Identifier: Apache-2.0

import SwiftletModels
import SwiftletTensors
import Testing

@Suite("Metrics")
struct MetricTests {
  @Test("agree with a table worked by hand")
  func byHand() {
    // True a a a b; predicted a a b b. Precision of a 2/2, of b 1/2; recall of a 2/3, of b 1/1.
    let p = Tensor([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.4, 0.6]])
    let metrics = classificationMetrics(labels: [0, 0, 0, 1], predicted: [0, 0, 1, 1], probabilities: p)
    #expect(metrics["accuracy"] == 0.75)
    #expect(metrics["macro_precision"] == 0.75)
    #expect(abs((metrics["macro_recall"] ?? 0) - 5.0 / 6) < 1e-12)
    #expect(abs((metrics["macro_f1"] ?? 0) - (0.8 + 2.0 / 3) / 2) < 1e-12)
    #expect(abs((metrics["roc_auc"] ?? 0) - 2.0 / 3) < 1e-12)  // b stands above two of three a
    #expect(metrics["average_precision"] == 0.5)  // the one positive is second
    // −(ln 0.9 + ln 0.8 + ln 0.3 + ln 0.6)/4
    #expect(abs((metrics["log_loss"] ?? 0) - 0.5108256) < 1e-6)
    #expect(confusionMatrix(labels: [0, 0, 0, 1], predicted: [0, 0, 1, 1], classCount: 2) == [[2, 1], [0, 1]])
  }

  @Test("a sure and wrong answer costs 15.9, as in scikit-learn, and not infinity")
  func sureAndWrong() {
    let metrics = classificationMetrics(labels: [1], predicted: [0], probabilities: Tensor([[1, 0]]))
    #expect(abs((metrics["log_loss"] ?? 0) - 15.9424) < 1e-4)  // −ln 2⁻²³
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
    #expect(abs((metrics["rmse"] ?? 0) - (4.0 / 3).squareRoot()) < 1e-12)
    #expect(abs((metrics["mae"] ?? 0) - 2.0 / 3) < 1e-12)
    #expect(metrics["r2"] == -1)  // 1 − 4/2
  }
}
