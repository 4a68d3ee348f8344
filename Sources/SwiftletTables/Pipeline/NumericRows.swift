// SPDX-License-Identifier: Apache-2.0
//
// Numeric rows: the pipeline on rows of bare numbers, as a server gets them.
//
// Where every feature is a number, a row needs no table: each number has its offset taken away and is multiplied by
// its factor. What the transforms say is laid out in arrays once, so that the loop reads nothing else and eight
// numbers go at a time. 32-bit numbers are not widened for that: an offset is two 32-bit numbers, its leading digits
// and what these leave, and x − leading is exact where x is near, which is where digits would be lost.
//
// Shapes    N rows, D features
// Before    Pipeline.swift     After    PipelineJSON.swift
// Source    Dekker, "A floating-point technique for extending the available precision" (1971), for the two parts

import SwiftletTensors

/// The transforms of a pipeline whose features are all numbers.
package struct NumericRows: Sendable {
  /// How many numbers a row has.
  package let width: Int
  private let offsets: [Double]
  private let factors: [Double]
  /// What a missing number becomes, scaled already.
  private let fills: [Float]
  private let leadingOffsets: [Float]
  private let trailingOffsets: [Float]
  private let shortFactors: [Float]

  /// `nil` where a feature is no number.
  package init?(_ pipeline: Pipeline) {
    var (offsets, factors, fills): ([Double], [Double], [Float]) = ([], [], [])
    for transform in pipeline.transforms {
      guard case .number(let fill, let offset, let factor) = transform.kind else { return nil }
      offsets.append(offset)
      factors.append(factor)
      fills.append(Float((fill - offset) * factor))
    }
    (width, self.offsets, self.factors, self.fills) = (offsets.count, offsets, factors, fills)
    leadingOffsets = offsets.map { Float($0) }
    trailingOffsets = offsets.map { Float($0 - Double(Float($0))) }
    shortFactors = factors.map { Float($0) }
  }

  /// Prepares rows of 64-bit numbers, exactly as ``Pipeline/transform(_:)`` prepares a table.
  ///
  /// - Parameters:
  ///   - rows: Whole rows of D numbers, NaN where one is missing.
  ///   - target: Room for as many numbers.
  package func transform(_ rows: UnsafeBufferPointer<Double>, into target: UnsafeMutableBufferPointer<Float>) {
    offsets.withUnsafeBufferPointer { offsets in
      factors.withUnsafeBufferPointer { factors in
        fills.withUnsafeBufferPointer { fills in
          for row in 0..<rowCount(rows.count, target.count) {
            for i in 0..<width {
              let value = rows[row * width + i]
              target[row * width + i] = value.isNaN ? fills[i] : Float((value - offsets[i]) * factors[i])
            }
          }
        }
      }
    }
  }

  /// Prepares rows of 32-bit numbers, within two units in the last place of what 64 bits give.
  package func transform(_ rows: UnsafeBufferPointer<Float>, into target: UnsafeMutableBufferPointer<Float>) {
    guard let x = rows.baseAddress, let y = target.baseAddress else { return }
    let whole = width / 8 * 8
    leadingOffsets.withUnsafeBufferPointer { leading in
      trailingOffsets.withUnsafeBufferPointer { trailing in
        shortFactors.withUnsafeBufferPointer { factors in
          fills.withUnsafeBufferPointer { fills in
            guard let leading = leading.baseAddress, let trailing = trailing.baseAddress,
              let factors = factors.baseAddress, let fills = fills.baseAddress
            else { return }
            for row in 0..<rowCount(rows.count, target.count) {
              let (x, y) = (x + row * width, y + row * width)
              // In bounds: vectors up to the last whole eight of the row, then number by number.
              for i in stride(from: 0, to: whole, by: 8) {
                let value = x.vector(at: i)
                let scaled = (value - leading.vector(at: i) - trailing.vector(at: i)) * factors.vector(at: i)
                y.store(scaled.replacing(with: fills.vector(at: i), where: value .!= value), at: i)
              }
              for i in whole..<width {
                y[i] = x[i].isNaN ? fills[i] : (x[i] - leading[i] - trailing[i]) * factors[i]
              }
            }
          }
        }
      }
    }
  }

  private func rowCount(_ sourceCount: Int, _ targetCount: Int) -> Int {
    width == 0 ? 0 : min(sourceCount, targetCount) / width
  }
}
