// SPDX-License-Identifier: Apache-2.0
//
// FeatureMatrix: the features of some rows, as a network takes them.
//
// Pictures stay bytes until their batch is put together, so that 60,000 of them take 47 MB and not 188.
//
// Shapes    N examples, D features
// Before    ImageScale.swift     After    PipelineOptions.swift

import SwiftletTensors

/// N rows of D features.
public enum FeatureMatrix: Sendable {
  /// Numbers, shape `[N, D]`.
  case dense(Tensor)
  /// Some rows of a column of pictures, which are not copied.
  case images(ImageColumn, rows: [Int32], scale: ImageScale)

  /// All pictures of a column.
  public static func images(_ images: ImageColumn, scale: ImageScale) -> FeatureMatrix {
    .images(images, rows: (0..<images.count).map { Int32(truncatingIfNeeded: $0) }, scale: scale)
  }

  /// N, the number of examples.
  public var rowCount: Int {
    switch self {
    case .dense(let tensor): tensor.shape[0]
    case .images(_, let rows, _): rows.count
    }
  }

  /// The shape of one example: `[D]`, or `[K, H, W]` for pictures of K channels.
  public var rowShape: Shape {
    switch self {
    case .dense(let tensor): tensor.shape.removing(axis: 0)
    case .images(let images, _, _): [images.channels, images.height, images.width]
    }
  }

  /// D, the numbers of one example.
  public var width: Int { rowShape.elementCount }

  /// The rows with the given positions, shape `[indices.count, D]`.
  public func gathered(_ indices: ArraySlice<Int32>) -> Tensor {
    switch self {
    case .dense(let tensor):
      return tensor.gathered(Array(indices))
    case .images(let images, let rows, let scale):
      return Tensor(uninitialized: [indices.count, width]) { target in
        guard let target = target.baseAddress else { return }
        images.bytes.withUnsafeBufferPointer { bytes in
          for (position, index) in indices.enumerated() {
            let pixels = images.pixels(of: Int(rows[Int(index)]), in: bytes)
            scale.write(pixels, to: target + position * images.pixelCount)
          }
        }
      }
    }
  }

  /// All rows, shape `[N, D]`.
  public var tensor: Tensor { rows(0..<rowCount) }

  /// Consecutive rows, shape `[range.count, D]`.
  public func rows(_ range: Range<Int>) -> Tensor {
    switch self {
    case .dense(let tensor): range == 0..<tensor.shape[0] ? tensor : tensor.rows(range)
    case .images: gathered((Int32(range.lowerBound)..<Int32(range.upperBound)).map { $0 }[...])
    }
  }
}
