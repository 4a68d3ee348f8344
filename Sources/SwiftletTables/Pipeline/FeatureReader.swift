// SPDX-License-Identifier: Apache-2.0
//
// FeatureReader: the rows of one table, as features.
//
// The columns of the table and their types are checked once; after that, any rows are prepared without looking at them
// again.
//
// Shapes    N rows, D features
// Before    Pipeline.swift     After    BareRows.swift

import SwiftletTensors

/// Prepares rows of a table. It belongs to one thread.
public struct FeatureReader {
  private let width: Int
  /// For each column, its number of features and how they are written.
  private var writers: [(width: Int, write: FeatureWriter)] = []
  /// The features of a column that stands alone.
  private var matrix: ((_ rows: [Int32]) -> FeatureMatrix)?

  /// The number of rows that are prepared together, column by column: their features stay in the cache.
  private static let blockSize = 64

  /// The largest number of rows whose features should exist at once: fewer of very many features, so that they take
  /// 16 MB at most.
  package var pieceSize: Int { max(1, min(1024, (4 << 20) / max(width, 1))) }

  init(_ pipeline: Pipeline, _ table: Table) throws {
    width = pipeline.width
    let columns = try pipeline.columnNames.map { try table.column($0, for: "a feature of the model") }
    matrix = try pipeline.isTabular ? nil : pipeline.encoders[0].matrix(of: columns[0])
    guard matrix == nil else { return }
    for (encoder, column) in zip(pipeline.encoders, columns) {
      writers.append((encoder.width, try encoder.writer(for: column, stride: width)))
    }
  }

  /// The features of some rows.
  ///
  /// - Returns: The features, and the number of cells with a category that the training rows did not have: zeros.
  /// - Throws: ``DataError`` if they are more than a tensor holds.
  public func features(_ rows: [Int32]) throws -> (features: FeatureMatrix, unseenCount: Int) {
    if let matrix { return (matrix(rows), 0) }
    guard Shape.elementCount(of: [rows.count, width]) != nil else {
      throw DataError("\(rows.count) rows of \(width) features are more than a tensor holds.")
    }
    var unseenCount = 0
    let features = Tensor(uninitialized: [rows.count, width]) { target in
      guard let base = target.baseAddress else { return }
      for start in stride(from: 0, to: rows.count, by: FeatureReader.blockSize) {
        let block = rows[start..<min(start + FeatureReader.blockSize, rows.count)]
        var feature = base + start * width
        for writer in writers {
          unseenCount += writer.write(block, feature)
          feature += writer.width
        }
      }
    }
    return (.dense(features), unseenCount)
  }
}
