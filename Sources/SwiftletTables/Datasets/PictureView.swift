// SPDX-License-Identifier: Apache-2.0
//
// PictureView: a row of numbers, drawn as a picture.
//
// Before    DatasetDescription.swift     After    DescriptionReader.swift

/// The arrangement of a row's numbers that are the pixels of a picture.
public struct PictureView: Sendable, Equatable {
  /// Number of pixels in a row of the picture.
  public var width: Int
  /// Number of rows.
  public var height: Int
  /// The number of full ink.
  public var maximum: Double
  /// The column of each cell, row by row from the top; empty if the column is an image already, or before the
  /// columns are known.
  ///
  /// A cell that is the same in all training rows is not an input of the model, and still has its place here.
  public var columns: [String]

  /// A view with as many columns as cells, or none.
  public init(width: Int, height: Int, maximum: Double, columns: [String] = []) {
    self.width = width
    self.height = height
    self.maximum = maximum
    self.columns = columns
  }
}
