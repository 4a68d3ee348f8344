// SPDX-License-Identifier: Apache-2.0
//
// SaliencyMap: which pixels of a picture an answer depends on.
//
// Shapes    K channels, H the height, W the width
// Before    OcclusionSaliency.swift     After    SaliencyPicture.swift

import SwiftletFormats
import SwiftletTables

/// How much an answer depends on each pixel of a picture.
public struct SaliencyMap: Sendable, Equatable {
  /// H, in pixels.
  public let height: Int
  /// W, in pixels.
  public let width: Int
  /// What it is about: a label, or the name of a target.
  public let subject: String
  /// H · W numbers, row by row from the top, each a share of the largest: from 0 to 1, all 0 where nothing matters.
  public let values: [Double]

  /// Asks a model about one row.
  ///
  /// - Parameters:
  ///   - model: A model of pictures, or of columns that are a picture.
  ///   - features: One prepared row.
  ///   - subject: A label or a target; `nil`: the label that is answered, or the first target.
  ///   - method: The way to ask.
  /// - Throws: `DataError` for a model without pictures, for a subject that it does not have, or for numbers that are
  ///   not finite.
  public init(
    of model: any Model, at features: [Float], subject: String? = nil,
    by method: any SaliencyMethod.Type = GradientSaliency.self
  ) throws {
    let signature = model.signature
    guard let layout = PictureLayout(signature) else {
      throw DataError(
        "\(quoted(signature.name)) looks at no pictures: its inputs are columns.")
    }
    guard features.count == signature.featureCount else {
      throw DataError("\(quoted(signature.name)) takes \(signature.featureCount) features, not \(features.count).")
    }
    let names = signature.labels.isEmpty ? signature.head.targetNames : signature.labels
    let position: Int
    if let subject {
      guard let found = names.firstIndex(of: subject) else {
        throw DataError(
          "\(quoted(signature.name)) does not answer \(quoted(subject)), but: \(names.prefix(40).joined(separator: ", "))."
        )
      }
      position = found
    } else {
      var answer = [Double](repeating: 0, count: signature.head.answerWidth)
      features.withUnsafeBufferPointer { features in
        answer.withUnsafeMutableBufferPointer { model.answer(features: features, into: $0) }
      }
      position = signature.head.label(of: answer[...])
    }
    let values = try method.values(of: model, at: features, answer: position, layout)
    guard values.allSatisfy(\.isFinite) else {
      throw DataError("\(quoted(signature.name)) gives numbers for this picture that are not finite.")
    }
    let largest = values.max() ?? 0
    height = layout.height
    width = layout.width
    self.subject = names[position]
    self.values = largest > 0 ? values.map { $0 / largest } : values
  }

  /// The part of all that matters in each ninth of the picture, row by row: adds up to 1, or is all 0.
  public var ninths: [Double] {
    let total = values.reduce(0, +)
    guard total > 0 else { return Array(repeating: 0, count: 9) }
    var sums = Array(repeating: 0.0, count: 9)
    for (pixel, value) in values.enumerated() {
      sums[pixel / width * 3 / height * 3 + pixel % width * 3 / width] += value
    }
    return sums.map { $0 / total }
  }
}
