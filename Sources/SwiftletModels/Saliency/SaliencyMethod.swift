// SPDX-License-Identifier: Apache-2.0
//
// SaliencyMethod: the ways to ask what a model looks at, and the table that names them.
//
// To add a way, write its file beside this one and add its name to the table.
//
// Shapes    D features, H the height, W the width
// Before    PictureLayout.swift     After    GradientSaliency.swift

import SwiftletTables

/// A way to ask a model which pixels of a picture its answer depends on.
public protocol SaliencyMethod: Sendable {
  /// Its word on the command line.
  static var name: String { get }
  /// What it does, in one sentence.
  static var help: String { get }
  /// How much an answer depends on each pixel.
  ///
  /// - Parameters:
  ///   - model: The model that is asked.
  ///   - features: D numbers, one prepared row.
  ///   - answer: The position of the answer that is asked about.
  ///   - layout: Where the pixels stand among the features.
  /// - Returns: H · W numbers from 0 on, in no unit.
  /// - Throws: `DataError` if the model cannot be asked in this way.
  static func values(
    of model: any Model, at features: [Float], answer: Int, _ layout: PictureLayout
  ) throws -> [Double]
}

/// The table of methods.
public enum SaliencyMethods {
  /// All methods; the first is the default.
  public static let all: [any SaliencyMethod.Type] = [GradientSaliency.self, OcclusionSaliency.self]

  /// The method with a name, or `nil`.
  public static func named(_ name: String) -> (any SaliencyMethod.Type)? { all.first { $0.name == name } }
}
