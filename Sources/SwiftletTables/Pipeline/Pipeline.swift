// SPDX-License-Identifier: Apache-2.0
//
// Pipeline: from a table to the numbers that a network learns from.
//
// It is fitted on the training rows alone, because a mean that has seen the test rows has told the network
// something about them; and it travels inside the model's bundle, so that a row is prepared in the same
// way when the model is trained, tested and asked.
//
// Shapes    N rows, D features
// Before    FeatureTransform.swift     After    NumericRows.swift

import SwiftletFormats
import SwiftletTensors

/// The transforms of all feature columns, in the order of the columns.
public struct Pipeline: Sendable, Equatable {
  /// One for each column, in the order of the features.
  public let transforms: [FeatureTransform]
  /// What the model takes: a description of each column, in the same order.
  public let inputs: [InputSchema]
  private let positions: [String: Int]

  init(transforms: [FeatureTransform]) {
    self.transforms = transforms
    inputs = transforms.map(\.schema)
    positions = Dictionary(inputs.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The input of a name, or `nil`.
  public func input(named name: String) -> InputSchema? { positions[name].map { inputs[$0] } }

  /// Learns the transforms from training rows.
  ///
  /// - Parameters:
  ///   - table: The feature columns.
  ///   - rows: The training rows; all where they are not given.
  ///   - options: How to fill and how to scale.
  /// - Returns: The pipeline, and a warning for every column that was left out.
  /// - Throws: ``DataError`` where no column is left.
  public static func fit(_ table: Table, rows: [Int32]? = nil, _ options: PipelineOptions = PipelineOptions()) throws
    -> (Pipeline, warnings: [String])
  {
    let rows = rows ?? table.allRows
    let fitted = table.columns.map { FeatureTransform.fit($0, rows: rows, options) }
    let transforms = fitted.compactMap(\.transform)
    guard !transforms.isEmpty else {
      throw DataError("No feature is left to learn from. " + fitted.compactMap(\.warning).joined(separator: " "))
    }
    guard transforms.count == 1 || !transforms.contains(where: { $0.type == .image }) else {
      throw DataError("A model learns from images or from columns, not from both: set `features: {include: [image]}`.")
    }
    return (Pipeline(transforms: transforms), fitted.compactMap(\.warning))
  }

  /// How many numbers a row becomes.
  public var width: Int { transforms.reduce(0) { $0 + $1.width } }
  /// Their names.
  public var featureNames: [String] { transforms.flatMap(\.featureNames) }
  /// The columns that are read.
  public var columnNames: [String] { inputs.map(\.name) }
  /// Whether every input is a cell, so that rows are rows of a table. Otherwise a row is one picture.
  public var isTabular: Bool { inputs.allSatisfy(\.isCell) }
  /// Whether every column holds numbers, so that a row is a list of numbers.
  public var isNumeric: Bool { inputs.allSatisfy { $0.isCell && $0.form == .number } }
  /// The number of values that a row is given as.
  public var valueCount: Int { inputs.reduce(0) { $0 + $1.rowShape.elementCount } }
  /// The types by which columns are read for the model.
  public var columnTypes: [String: ColumnType] {
    Dictionary(
      inputs.compactMap { input in input.readingType.map { (input.name, $0) } }, uniquingKeysWith: { first, _ in first }
    )
  }

  /// So many rows are prepared together, column by column: few enough for their features to stay in the cache.
  private static let blockSize = 64

  /// Prepares the rows of a table.
  ///
  /// - Parameters:
  ///   - table: Has the pipeline's columns, and others if it likes.
  ///   - rows: Which rows; all where they are not given. Nothing of the table is copied for them.
  /// - Returns: The features, and how many cells held a category that the training rows did not have: these become zeros.
  /// - Throws: ``DataError`` where a column is absent or of another type.
  public func transform(_ table: Table, rows: [Int32]? = nil) throws -> (features: FeatureMatrix, unseenCount: Int) {
    let columns = try transforms.map { try table.column($0.name, for: "a feature of the model") }
    if case .image(let height, let width, let scale) = transforms[0].kind {
      guard case .images(let images) = columns[0].values, images.height == height, images.width == width else {
        throw DataError("The model needs images of \(height) by \(width) pixels.")
      }
      return (.images(images, rows: rows ?? table.allRows, scale: scale), 0)
    }
    let rows = rows ?? table.allRows
    let (n, d) = (rows.count, width)
    guard Shape.elementCount(of: [n, d]) != nil else {
      throw DataError("\(n) rows of \(d) features are more than a tensor holds.")
    }
    let writers = try zip(transforms, columns).map { try $0.writer(for: $1, stride: d) }
    var unseen = 0
    let features = Tensor(uninitialized: [n, d]) { target in
      guard let base = target.baseAddress else { return }
      for block in stride(from: 0, to: n, by: Pipeline.blockSize) {
        let blockRows = rows[block..<min(block + Pipeline.blockSize, n)]
        var feature = base + block * d
        for (transform, write) in zip(transforms, writers) {
          unseen += write(blockRows, feature)
          feature += transform.width
        }
      }
    }
    return (.dense(features), unseen)
  }
}
