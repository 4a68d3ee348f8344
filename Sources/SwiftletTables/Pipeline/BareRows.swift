// SPDX-License-Identifier: Apache-2.0
//
// BareRows: the pipeline on rows of bare numbers, as a server gets them.
//
// If every column holds numbers, or the rows are pictures, a row needs no table. The arithmetic is that of the
// encoders, laid out in arrays, so that a vector loop takes many numbers of a row at a time.
//
// Shapes    N rows, D features
// Before    FeatureReader.swift     After    Datasets/DataSource.swift

/// Prepares rows that are lists of numbers.
package struct BareRows: Sendable {
  /// The number of values in a row.
  package let valueCount: Int
  private let write: BareRowWriter

  /// `nil` if a row is more than numbers.
  package init?(_ pipeline: Pipeline) {
    valueCount = pipeline.valueCount
    if !pipeline.isTabular, let write = pipeline.encoders[0].bareRowWriter {
      self.write = write
      return
    }
    let columns = pipeline.encoders.compactMap(\.affine)
    guard columns.count == pipeline.encoders.count else { return nil }
    write = Affine.writer(columns)
  }

  /// Prepares whole rows, exactly as ``Pipeline/transform(_:rows:)`` prepares a table.
  ///
  /// - Parameters:
  ///   - rows: Rows of numbers, NaN if one is missing. Numbers behind the last whole row are not read.
  ///   - target: Room for as many numbers; otherwise fewer rows are prepared.
  package func transform(_ rows: UnsafeBufferPointer<Double>, into target: UnsafeMutableBufferPointer<Float>) {
    let count = min(rows.count, target.count) / valueCount * valueCount
    write(UnsafeBufferPointer(rebasing: rows[..<count]), UnsafeMutableBufferPointer(rebasing: target[..<count]))
  }
}
