// SPDX-License-Identifier: Apache-2.0
//
// OcclusionSaliency: what an answer loses when a part of the picture is covered.
//
// A square slides over the picture, half of its side at a step. The pixels below it get the mean of their channel, or
// of their column in training, and the model is asked again. A pixel counts by the mean loss of the squares that covered
// it. It needs nothing but answers, so it works for every model.
//
// Shapes    K channels, H the height, W the width, D features
// Before    GradientSaliency.swift     After    SaliencyMap.swift
// Source    Zeiler, Fergus, "Visualizing and Understanding Convolutional Networks" (2014), section 4.2

import Foundation
import SwiftletTables

/// The loss of probability, or the change of a number, when a pixel is covered with its neighbors.
public enum OcclusionSaliency: SaliencyMethod {
  public static let name = "occlusion"
  public static let help = "What the answer loses when a square around the pixel is covered: some hundred answers."

  /// How many times the square's side fits into the shorter side of the picture.
  private static let parts = 6
  /// Covered pictures are answered in pieces of about this many features.
  private static let pieceSize = 1 << 22

  public static func values(
    of model: any Model, at features: [Float], answer: Int, _ layout: PictureLayout
  ) throws -> [Double] {
    let squares = Square.all(layout)
    let cover = cover(model.signature, features, layout)
    let pieceCount = max(1, pieceSize / max(1, features.count))
    var losses: [Double] = []
    let whole = evidence(model, features, rowCount: 1, answer)[0]
    for start in stride(from: 0, to: squares.count, by: pieceCount) {
      let piece = squares[start..<min(start + pieceCount, squares.count)]
      let rows = piece.flatMap { square -> [Float] in
        var row = features
        for pixel in square.pixels(layout) {
          for feature in layout.features(at: pixel) { row[feature] = cover[feature] }
        }
        return row
      }
      let isClass = !model.signature.labels.isEmpty
      losses += evidence(model, rows, rowCount: piece.count, answer).map { covered in
        // Less of a class was lost; a number that changed either way has depended on the square.
        isClass ? max(0, whole - covered) : abs(whole - covered)
      }
    }
    var sums = [Double](repeating: 0, count: layout.pixelCount)
    var counts = sums
    for (square, loss) in zip(squares, losses) {
      for pixel in square.pixels(layout) {
        sums[pixel] += loss
        counts[pixel] += 1
      }
    }
    return zip(sums, counts).map { $0 / max($1, 1) }
  }

  /// The logarithm of a class's probability, in which a loss from 0.999 counts too; or a prediction.
  private static func evidence(_ model: any Model, _ rows: [Float], rowCount: Int, _ answer: Int) -> [Double] {
    let width = model.signature.head.answerWidth
    var answers = [Double](repeating: 0, count: rowCount * width)
    rows.withUnsafeBufferPointer { rows in
      answers.withUnsafeMutableBufferPointer { model.answer(features: rows, into: $0) }
    }
    let isClass = !model.signature.labels.isEmpty
    return stride(from: answer, to: answers.count, by: width).map {
      isClass ? log(max(answers[$0], 1e-12)) : answers[$0]
    }
  }

  /// What each feature becomes below the square: the mean of the training rows, or that of the picture's channel.
  private static func cover(_ signature: Signature, _ features: [Float], _ layout: PictureLayout) -> [Float] {
    guard !signature.isTabular else {
      return signature.inputs.indices.map { position in
        let affines = signature.facts.affines
        guard position < affines.count, let affine = affines[position], let profile = signature.inputs[position].profile
        else { return 0 }
        return Float((profile.mean - affine.offset) * affine.factor)
      }
    }
    return (0..<layout.channels).flatMap { channel -> [Float] in
      let plane = features[channel * layout.pixelCount..<(channel + 1) * layout.pixelCount]
      let mean = plane.reduce(0.0) { $0 + Double($1) } / Double(layout.pixelCount)
      return Array(repeating: Float(mean), count: layout.pixelCount)
    }
  }

  /// A part of the picture that is covered.
  private struct Square {
    let rows: Range<Int>
    let columns: Range<Int>

    /// Squares that cover every pixel, the last ones flush with the edges.
    static func all(_ layout: PictureLayout) -> [Square] {
      let side = max(1, min(layout.height, layout.width) / OcclusionSaliency.parts)
      func starts(_ length: Int) -> [Int] {
        Array(stride(from: 0, to: length - side, by: max(1, side / 2))) + [length - side]
      }
      return starts(layout.height).flatMap { row in
        starts(layout.width).map { Square(rows: row..<row + side, columns: $0..<$0 + side) }
      }
    }

    func pixels(_ layout: PictureLayout) -> [Int] {
      rows.flatMap { row in columns.map { row * layout.width + $0 } }
    }
  }
}
