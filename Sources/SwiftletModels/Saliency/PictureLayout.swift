// SPDX-License-Identifier: Apache-2.0
//
// PictureLayout: where the pixels of a picture stand among the features of a row.
//
// A model of pictures has a feature for each pixel, in the order of its planes. A model of columns that are a picture
// has one for each cell that was not the same in all training rows, in the order of its columns.
//
// Shapes    K channels, H the height, W the width, D features
// Before    TabularModel.swift     After    SaliencyMethod.swift

/// The places of a picture's pixels among the features of a row.
public struct PictureLayout: Sendable, Equatable {
  /// K: 1 for gray, 3 for red, green and blue.
  public let channels: Int
  /// H, in pixels.
  public let height: Int
  /// W, in pixels.
  public let width: Int
  /// K · H · W places, the pixels of one channel after those of another; `nil` for a cell that is not a feature.
  let places: [Int?]

  /// The layout for a model whose rows are pictures, or columns with a view; `nil` for any other.
  public init?(_ signature: Signature) {
    if !signature.isTabular {
      let shape = signature.inputs[0].rowShape
      guard signature.inputs.count == 1, shape.rank == 2 || shape.rank == 3,
        shape.elementCount == signature.featureCount
      else { return nil }
      channels = shape.rank == 3 ? shape[0] : 1
      height = shape[shape.rank - 2]
      width = shape[shape.rank - 1]
      places = (0..<signature.featureCount).map { $0 }
    } else {
      guard let view = signature.facts.illustration.view, signature.isNumeric,
        signature.featureCount == signature.inputs.count, view.columns.count == view.width * view.height
      else { return nil }
      channels = 1
      height = view.height
      width = view.width
      places = view.columns.map { name in signature.inputs.firstIndex { $0.name == name } }
    }
  }

  /// H · W, the pixels of one channel.
  public var pixelCount: Int { height * width }

  /// The features of one pixel, one for each channel at most.
  func features(at pixel: Int) -> [Int] { (0..<channels).compactMap { places[$0 * pixelCount + pixel] } }
}
