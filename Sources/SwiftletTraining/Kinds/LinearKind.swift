// SPDX-License-Identifier: Apache-2.0
//
// Linear regression: numbers that are weighted sums of the features.
//
// Before    LogisticKind.swift     After    MLPKind.swift
// Source    Hastie, Tibshirani, Friedman (2009), section 3.4.1

import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors

/// A linear prediction of numbers.
public enum LinearKind: ModelKind {
  public static let name = "linear"
  public static let help = "a weighted sum"
  public static let isConvex = true

  public static func check(_ head: any Head) throws {
    guard !head.labels.isEmpty else { return }
    throw DataError("A linear model predicts numbers, and the target holds classes. Use --model logistic.")
  }

  public static func blueprint(featureShape: Shape, scoreCount: Int, _ settings: Recipe.Model) -> Blueprint {
    .linear(inputSize: featureShape.elementCount, outputSize: scoreCount)
  }

  public static func title(_ network: Sequential) -> String { "linear regression" }
}
