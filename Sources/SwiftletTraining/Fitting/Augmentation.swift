// SPDX-License-Identifier: Apache-2.0
//
// Augmentation: training pictures moved a little, otherwise each time they are seen.
//
// A sign that stands two pixels further left is the same sign. A network that sees both in training does not learn the
// place by heart. What comes in at an edge is the pixel that was there, so that no line appears which no picture has.
//
// Shapes    B pictures, C channels, H the height, W the width
// Before    GradientSum.swift     After    DataParallelism.swift
// Source    Simard, Steinkraus, Platt, "Best Practices for Convolutional Neural Networks Applied to Visual Document
//           Analysis" (2003), section 2

import SwiftletTables
import SwiftletTensors

/// How far training pictures are moved, and whether they are mirrored.
public struct Augmentation: Sendable, Equatable {
  /// The most pixels that a picture is moved to each side, and up or down.
  public var shift = 0
  /// Whether every other picture, by chance, has left and right exchanged.
  public var flip = false

  /// Pictures as they are.
  public init() {}

  /// Whether anything is changed.
  public var isActive: Bool { shift > 0 || flip }

  /// Pictures that are changed by chance; other features stay as they are.
  ///
  /// - Parameters:
  ///   - rows: Shape `[B, D]`.
  ///   - features: Where the rows are from.
  ///   - generator: Where chance comes from.
  func callAsFunction(_ rows: Tensor, of features: FeatureMatrix, _ generator: inout Generator) -> Tensor {
    let shape = features.rowShape
    guard isActive, shape.rank == 3 else { return rows }
    let width = shape[2]
    return Tensor(uninitialized: rows.shape) { target in
      rows.withUnsafeScalars { source in
        for start in stride(from: 0, to: source.count, by: shape.elementCount) {
          let down = generator.below(2 * shift + 1) - shift
          let right = generator.below(2 * shift + 1) - shift
          let isFlipped = flip && generator.below(2) == 1
          for line in 0..<shape[0] * shape[1] {
            let row = line % shape[1]
            let nearest = min(max(row - down, 0), shape[1] - 1)
            let from = start + (line - row + nearest) * width
            for column in 0..<width {
              let place = min(max(column - right, 0), width - 1)
              target[start + line * width + column] = source[from + (isFlipped ? width - 1 - place : place)]
            }
          }
        }
      }
    }
  }
}
