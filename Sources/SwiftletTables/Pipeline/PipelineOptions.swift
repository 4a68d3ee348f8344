// SPDX-License-Identifier: Apache-2.0
//
// What one chooses about preprocessing: the part `pipeline` of a recipe.
//
// Before    FeatureMatrix.swift     After    Pipeline.swift

/// The settings of a pipeline.
public struct PipelineOptions: Sendable, Equatable {
  public enum NumericImpute: Sendable, Equatable { case mean, median, constant(Double) }
  public enum NumericScale: String, Sendable, CaseIterable { case standard, minmax, none }
  public enum CategoricalImpute: String, Sendable, CaseIterable {
    /// A missing value is a category of its own.
    case missing
    /// A missing value counts as the most frequent one.
    case mostFrequent = "most_frequent"
  }

  public var numericImpute: NumericImpute = .median
  public var numericScale: NumericScale = .standard
  public var categoricalImpute: CategoricalImpute = .missing
  /// A category that fewer training rows have gets no feature: it reads as zeros.
  public var minimumCount = 1
  public var imageScale: ImageScale = .unit

  public init() {}
}
