// SPDX-License-Identifier: Apache-2.0
//
// FeatureMatrix: what a network is fed with.
//
// Pictures stay bytes until their batch is put together, so that 60,000 of them take 47 MB and not 188.
//
// Shapes    N examples, D features
// Before    Splitting/Split.swift     After    Pipeline.swift

import SwiftletTensors

/// How the bytes of a picture become numbers.
public enum ImageScale: String, Sendable, CaseIterable {
  /// From 0…255 to 0…1.
  case unit
  /// Each picture with mean 0 and standard deviation 1.
  case perImage = "per_image"
  /// Bytes as they are, from 0 to 255.
  case none
}

/// N rows of D features.
public enum FeatureMatrix: Sendable {
  /// Numbers that are there: shape `[N, D]`.
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

  /// D, the numbers of one example.
  public var width: Int {
    switch self {
    case .dense(let tensor): tensor.shape[1]
    case .images(let images, _, _): images.pixelCount
    }
  }

  /// The rows with the given positions, shape `[indices.count, D]`.
  public func gathered(_ indices: ArraySlice<Int32>) -> Tensor {
    switch self {
    case .dense(let tensor):
      return tensor.gathered(Array(indices))
    case .images(let images, let rows, let scale):
      return Tensor(uninitialized: [indices.count, width]) { target in
        images.bytes.withUnsafeBufferPointer { bytes in
          for (position, index) in indices.enumerated() {
            scaled(
              bytes, from: Int(rows[Int(index)]) * images.pixelCount, images.pixelCount, scale, target,
              to: position * images.pixelCount)
          }
        }
      }
    }
  }

  /// Consecutive rows, shape `[range.count, D]`.
  public func rows(_ range: Range<Int>) -> Tensor {
    switch self {
    case .dense(let tensor): tensor.rows(range)
    case .images: gathered((Int32(range.lowerBound)..<Int32(range.upperBound)).map { $0 }[...])
    }
  }
}

/// Writes one picture as numbers.
package func scaled(
  _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ count: Int, _ scale: ImageScale,
  _ target: UnsafeMutableBufferPointer<Float>, to targetStart: Int
) {
  // In bounds: `count` bytes from `start` on, and as much room. Bare pointers let the compiler take many at a time.
  guard let bytes = bytes.baseAddress.map({ $0 + start }), let target = target.baseAddress.map({ $0 + targetStart })
  else { return }
  switch scale {
  case .unit:
    let factor = Float(1) / 255
    for i in 0..<count { target[i] = Float(bytes[i]) * factor }
  case .none:
    for i in 0..<count { target[i] = Float(bytes[i]) }
  case .perImage:
    var (sum, squares) = (0, 0)
    for i in 0..<count {
      let value = Int(bytes[i])
      sum += value
      squares += value * value
    }
    let mean = Double(sum) / Double(max(count, 1))
    let variance = max(0, Double(squares) / Double(max(count, 1)) - mean * mean)
    let factor = variance > 0 ? 1 / variance.squareRoot() : 0  // a blank picture becomes zeros
    for i in 0..<count { target[i] = Float((Double(bytes[i]) - mean) * factor) }
  }
}
