// SPDX-License-Identifier: Apache-2.0
//
// FeatureRows: rows as a model sees them, of which columns can be exchanged.
//
// The features of a column are exchanged all together, so a row gets a value that stands in the data, and not half of one
// category and half of another. Nothing is encoded anew.
//
// Shapes    N rows, D features
// Before    AlikeColumns.swift     After    PermutationImportance.swift

import SwiftletModels
import SwiftletTables

/// The features of some answered rows.
struct FeatureRows: Sendable {
  let predictor: Predictor
  let truth: Truth
  /// N, the number of rows.
  let count: Int
  private let features: [Float]
  private let width: Int
  /// The features that each column becomes.
  private let blocks: [Range<Int>]

  /// - Parameter positions: Which of the answered rows.
  init(_ rows: AnsweredRows, positions: [Int32]) throws {
    let pipeline = rows.judged.bundle.pipeline
    predictor = rows.predictor
    truth = rows.judged.truth.selecting(positions)
    count = positions.count
    width = pipeline.width
    var start = 0
    blocks = pipeline.encoders.map { encoder in
      defer { start += encoder.width }
      return start..<start + encoder.width
    }
    let (matrix, _) = try pipeline.transform(rows.judged.table, rows: positions.map { rows.judged.rows[Int($0)] })
    features = matrix.tensor.scalars
  }

  /// The answers as they are.
  var answers: Answers { answers(to: features) }

  /// The answers if every row has the features of some columns from another row.
  ///
  /// - Parameters:
  ///   - columns: Positions of columns in the pipeline.
  ///   - order: For each of the N rows, the row that it takes them from.
  func answers(moving columns: [Int], _ order: [Int32]) -> Answers {
    var moved = features
    moved.withUnsafeMutableBufferPointer { target in
      features.withUnsafeBufferPointer { source in
        for row in 0..<count {
          let (to, from) = (row * width, Int(order[row]) * width)
          for column in columns {
            for feature in blocks[column] { target[to + feature] = source[from + feature] }
          }
        }
      }
    }
    return answers(to: moved)
  }

  private func answers(to features: [Float]) -> Answers {
    let total = count * predictor.answerWidth
    let values = [Double](unsafeUninitializedCapacity: total) { answers, written in
      features.withUnsafeBufferPointer { predictor.answer(features: $0, into: .init(rebasing: answers[..<total])) }
      written = total
    }
    return Answers(values: values, count: count, width: predictor.answerWidth)
  }
}
