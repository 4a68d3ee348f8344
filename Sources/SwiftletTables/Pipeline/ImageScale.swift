// SPDX-License-Identifier: Apache-2.0
//
// ImageScale: from the bytes of a picture to numbers.
//
// Before    Encoders/ImageEncoder.swift     After    FeatureMatrix.swift

import CVectorMath
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

extension ImageScale {
  /// Writes one picture as numbers, for which there is room.
  func write(_ pixels: UnsafeBufferPointer<UInt8>, to target: UnsafeMutablePointer<Float>) {
    // Bare pointers let the compiler take many at a time.
    guard let bytes = pixels.baseAddress else { return }
    let count = pixels.count
    switch self {
    case .unit:
      swiftlet_scale_pixels(VectorInstructions.best.rawValue, bytes, count, 1 / 255, target)
    case .none:
      for i in 0..<count { target[i] = Float(bytes[i]) }
    case .perImage:
      var sum = 0
      var squares = 0
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
}
