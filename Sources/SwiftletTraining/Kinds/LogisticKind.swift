// SPDX-License-Identifier: Apache-2.0
//
// Logistic regression: scores of classes that are weighted sums of the features.
//
// Before    ModelKind.swift     After    LinearKind.swift
// Source    Hastie, Tibshirani, Friedman (2009), section 4.4

import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors

/// Linear scores of classes.
public enum LogisticKind: ModelKind {
  public static let name = "logistic"
  public static let help = "a line between classes"
  public static let isConvex = true

  public static func check(_ head: any Head) throws {
    guard head.labels.isEmpty else { return }
    throw DataError("A logistic model predicts classes, and the target holds numbers. Use --model linear.")
  }

  public static func blueprint(featureShape: Shape, scoreCount: Int, _ settings: Recipe.Model) -> Blueprint {
    .linear(inputSize: featureShape.elementCount, outputSize: scoreCount)
  }

  public static func title(_ network: Sequential) -> String { "logistic regression" }
}
