// SPDX-License-Identifier: Apache-2.0
//
// GradientSaliency: the slope of an answer's score by each pixel.
//
// Training asks how the loss changes with the parameters and holds the picture still. This asks the same tape how a
// score changes with the picture, and holds the parameters still. A pixel of several channels counts by the steepest. The
// slope is by the feature: of columns that are scaled, by a usual change of the column, for a cell that hardly ever changes
// would look important in its own unit.
//
// Shapes    D features, S scores
// Before    SaliencyMethod.swift     After    OcclusionSaliency.swift
// Source    Simonyan, Vedaldi, Zisserman, "Deep Inside Convolutional Networks" (2013), section 3.1

import SwiftletAutograd
import SwiftletFormats
import SwiftletNN
import SwiftletTables
import SwiftletTensors

/// |∂ score / ∂ pixel|, by the tape.
public enum GradientSaliency: SaliencyMethod {
  public static let name = "gradient"
  public static let help = "How steeply the answer's score changes with each pixel: one pass back through the network."

  public static func values(
    of model: any Model, at features: [Float], answer: Int, _ layout: PictureLayout
  ) throws -> [Double] {
    let head = model.signature.head
    // Of two labels, one score speaks for the second and against the first: its slope is as steep for both.
    let score = head.scoreCount == 1 ? 0 : answer
    guard score < head.scoreCount, let gradient = model.gradient(ofScore: score, at: features) else {
      throw DataError(
        "\(quoted(model.signature.name)) has no layers that a gradient could pass through. "
          + "Use --method \(OcclusionSaliency.name).")
    }
    return (0..<layout.pixelCount).map { pixel in
      layout.features(at: pixel).map { Double(abs(gradient[$0])) }.max() ?? 0
    }
  }
}

extension ModelBundle {
  /// The gradient of a score with respect to the features of one row.
  ///
  /// - Parameters:
  ///   - score: From 0 to S − 1.
  ///   - features: D numbers, as the pipeline makes them.
  /// - Returns: D numbers.
  package func gradient(ofScore score: Int, at features: [Float]) -> [Float] {
    let tape = Tape()
    let input = tape.parameter(Tensor(features, shape: [1, features.count]))
    let scores = network(input)
    var upstream = [Float](repeating: 0, count: head.scoreCount)
    upstream[score] = 1
    // The input was lifted first, so its gradient is the first; those of the parameters follow.
    return tape.gradients(of: scores, upstream: Tensor(upstream, shape: [1, head.scoreCount]))[0].scalars
  }
}
