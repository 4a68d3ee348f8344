// SPDX-License-Identifier: Apache-2.0
//
// PipelineOptions: the choices about preprocessing, which are the part `pipeline` of a recipe.
//
// Before    FeatureMatrix.swift     After    Pipeline.swift

/// The settings of a pipeline.
public struct PipelineOptions: Sendable, Equatable {
  /// The replacement of a missing number: the mean or the median of the training rows, or a number of your own.
  public enum NumericImpute: Sendable, Equatable {
    /// The mean of the numbers that are there; one absurd value moves it.
    case mean
    /// The middle one of them, which an absurd value does not move.
    case median
    /// A number of your own, in the unit of the column.
    case constant(Double)
  }
  /// Mean 0 and standard deviation 1, from 0 to 1, or as it is.
  public enum NumericScale: String, Sendable, CaseIterable {
    /// (value − mean) / standard deviation, both of the training rows.
    case standard
    /// (value − minimum) / (maximum − minimum), so that the training rows lie from 0 to 1.
    case minmax
    /// As it is.
    case none
  }
  /// What becomes of a column that holds one number in all training rows.
  public enum NumericSame: String, Sendable, CaseIterable {
    /// It is not a feature: there is nothing to learn from it.
    case leaveOut = "leave_out"
    /// It is a feature, and 0 for its number where numbers are scaled. So the cells of a picture stay in their places.
    case keep
  }
  /// The replacement of a missing category.
  public enum CategoricalImpute: String, Sendable, CaseIterable {
    /// A missing value is a category of its own.
    case missing
    /// A missing value counts as the most frequent one.
    case mostFrequent = "most_frequent"
  }

  /// What fills a missing number.
  public var numericImpute: NumericImpute = .median
  /// How numbers are scaled.
  public var numericScale: NumericScale = .standard
  /// What becomes of a column that holds one number in all training rows.
  public var numericSame: NumericSame = .leaveOut
  /// The encoder of categories, one of those that ``Encoders/encodings(of:)`` lists.
  public var categoricalEncoding = OneHotEncoder.encoding
  /// What fills a missing category.
  public var categoricalImpute: CategoricalImpute = .missing
  /// A category that fewer training rows have gets no feature: it reads as zeros.
  public var minimumCount = 1
  /// How pixels are scaled.
  public var imageScale: ImageScale = .unit

  /// Median, standardized, and a category of its own for missing values.
  public init() {}
}
