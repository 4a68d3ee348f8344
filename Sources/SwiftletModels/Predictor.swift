// SPDX-License-Identifier: Apache-2.0
//
// Predictor: the one way in which a trained model answers.
//
// `evaluate`, `predict` and `serve` all come here, so that what was tested is what answers. It runs
// without a tape, in blocks of rows that stay in the cache, and the path for numbers writes into the
// caller's memory and allocates nothing once it is warm.
//
// Shapes    N rows, D features, C scores
// Before    FolderExchange.swift     After    Workspace.swift

import Foundation
import SwiftletNN
import SwiftletTables
import SwiftletTensors

/// What a model says about rows.
public enum Predictions: Sendable {
  /// Probabilities `[N, C]`, and the class of each row.
  case classes(probabilities: Tensor, labels: [Int32])
  /// Numbers in the targets' units, N rows of T.
  case numbers(rows: [[Double]])
}

/// Answers for a trained model. Safe to be used from many threads at once.
public final class Predictor: Sendable {
  public let bundle: ModelBundle
  private let steps: [Sequential.Step]
  private let workspaces = WorkspacePool()
  /// The widest layer, for which a workspace has room.
  private let largestWidth: Int

  /// Rows are answered in blocks of at most so many.
  static let blockSize = 256

  public init(_ bundle: ModelBundle) {
    self.bundle = bundle
    steps = bundle.network.steps
    let description = bundle.description
    largestWidth = ([description.inputSize, description.outputSize, 1] + description.hiddenSizes).max() ?? 1
  }

  /// How many numbers ``answer(rows:into:)`` writes for a row: probabilities of the labels, or predictions.
  public var answerWidth: Int {
    switch bundle.output {
    case .classes(let labels): labels.count
    case .numbers(let targets): targets.count
    }
  }

  /// Answers for the rows of a table.
  ///
  /// - Returns: The predictions, and how many cells held a category that training did not know.
  /// - Throws: ``DataError`` where a column is absent or of another type.
  public func predict(_ table: Table) throws -> (predictions: Predictions, unseenCount: Int) {
    let (features, unseenCount) = try bundle.pipeline.transform(table)
    return (predictions(for: features), unseenCount)
  }

  /// Answers for rows that were prepared already.
  public func predictions(for features: FeatureMatrix) -> Predictions {
    let n = features.rowCount
    let answers = Tensor(uninitialized: [n, answerWidth]) { target in
      for start in stride(from: 0, to: n, by: Predictor.blockSize) {
        let end = min(start + Predictor.blockSize, n)
        features.rows(start..<end).withUnsafeScalars { block in
          workspaces.withWorkspace(width: largestWidth) { workspace in
            workspace.load(block)
            answer(
              workspace, rows: end - start,
              into: UnsafeMutableBufferPointer(rebasing: target[start * answerWidth..<end * answerWidth]))
          }
        }
      }
    }
    switch bundle.output {
    case .classes:
      return .classes(
        probabilities: answers,
        labels: (0..<n).map { row in
          answers.withUnsafeScalars {
            label(UnsafeBufferPointer(rebasing: $0[row * answerWidth..<(row + 1) * answerWidth]))
          }
        })
    case .numbers(let targets):
      return .numbers(
        rows: answers.withUnsafeScalars { answers in
          (0..<n).map { row in (0..<targets.count).map { Double(answers[row * targets.count + $0]) } }
        })
    }
  }

  /// Answers for rows of numbers, for a model whose features are all numbers.
  ///
  /// - Parameters:
  ///   - rows: N · D numbers as they stand in the data, NaN where one is missing.
  ///   - answers: Room for N · ``answerWidth`` numbers.
  /// - Precondition: The pipeline is numeric, and both buffers hold whole rows of the same number.
  public func answer<Number: BinaryFloatingPoint>(
    rows: UnsafeBufferPointer<Number>, into answers: UnsafeMutableBufferPointer<Float>
  ) {
    let d = bundle.pipeline.transforms.count
    let n = rows.count / max(d, 1)
    guard bundle.pipeline.isNumeric, rows.count == n * d, answers.count == n * answerWidth else {
      stop("answer: \(rows.count) numbers for \(d) columns do not fit \(answers.count) answers of \(answerWidth) each")
    }
    for start in stride(from: 0, to: n, by: Predictor.blockSize) {
      let end = min(start + Predictor.blockSize, n)
      workspaces.withWorkspace(width: largestWidth) { workspace in
        bundle.pipeline.transform(
          rows: UnsafeBufferPointer(rebasing: rows[start * d..<end * d]),
          into: UnsafeMutableBufferPointer(rebasing: workspace.input[..<((end - start) * d)]))
        answer(
          workspace, rows: end - start,
          into: UnsafeMutableBufferPointer(rebasing: answers[start * answerWidth..<end * answerWidth]))
      }
    }
  }

  /// Answers for rows that were prepared already, for a caller that puts several people's rows together.
  ///
  /// - Parameters:
  ///   - features: N · D numbers, as the pipeline makes them.
  ///   - answers: Room for N · ``answerWidth`` numbers.
  package func answer(features: UnsafeBufferPointer<Float>, into answers: UnsafeMutableBufferPointer<Float>) {
    let d = bundle.description.inputSize
    let n = features.count / max(d, 1)
    guard features.count == n * d, answers.count == n * answerWidth else {
      stop("answer: \(features.count) features of \(d) a row do not fit \(answers.count) answers of \(answerWidth)")
    }
    for start in stride(from: 0, to: n, by: Predictor.blockSize) {
      let end = min(start + Predictor.blockSize, n)
      workspaces.withWorkspace(width: largestWidth) { workspace in
        workspace.load(UnsafeBufferPointer(rebasing: features[start * d..<end * d]))
        answer(
          workspace, rows: end - start,
          into: UnsafeMutableBufferPointer(rebasing: answers[start * answerWidth..<end * answerWidth]))
      }
    }
  }

  /// The class of one row of probabilities: of two, the second from the threshold on; else the most probable.
  public func label(_ probabilities: UnsafeBufferPointer<Float>) -> Int32 {
    if probabilities.count == 2 { return Double(probabilities[1]) >= bundle.threshold ? 1 : 0 }
    var best = 0
    for i in 1..<probabilities.count where probabilities[i] > probabilities[best] { best = i }
    return Int32(best)
  }

  /// Runs the layers over the block in the workspace, back and forth between its two buffers.
  private func answer(_ workspace: Workspace, rows n: Int, into answers: UnsafeMutableBufferPointer<Float>) {
    for step in steps {
      switch step {
      case .affine(let linear, let activation):
        linear.weight.withUnsafeScalars { weight in
          linear.bias.withUnsafeScalars { bias in
            // In bounds: both buffers have room for a block of the widest layer, and the bias is padded.
            guard let x = workspace.input.baseAddress, let y = workspace.output.baseAddress,
              let weight = weight.baseAddress, let bias = bias.baseAddress
            else { return }
            affine(
              UnsafePointer(x), rows: n, weight: weight, bias: bias, inputSize: linear.inputSize,
              outputSize: linear.outputSize, activation, into: y)
          }
        }
        workspace.swap()
      case .layer: break  // dropout: absent from the answers
      }
    }
    finish(UnsafeBufferPointer(rebasing: workspace.input[..<(n * bundle.description.outputSize)]), into: answers)
  }

  /// From scores to probabilities, or to numbers in their unit.
  private func finish(_ scores: UnsafeBufferPointer<Float>, into answers: UnsafeMutableBufferPointer<Float>) {
    switch bundle.output {
    case .classes(let labels) where labels.count == 2:
      for row in scores.indices {
        let p = 1 / (1 + expf(-scores[row]))
        answers[2 * row] = 1 - p
        answers[2 * row + 1] = p
      }
    case .classes(let labels):
      let c = labels.count
      for start in stride(from: 0, to: scores.count, by: c) {
        softmax(
          UnsafeBufferPointer(rebasing: scores[start..<start + c]),
          into: UnsafeMutableBufferPointer(rebasing: answers[start..<start + c]))
      }
    case .numbers(let targets):
      for i in scores.indices {
        let scale = targets[i % targets.count]
        answers[i] = Float(Double(scores[i]) * scale.factor + scale.offset)
      }
    }
  }
}
