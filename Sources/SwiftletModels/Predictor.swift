// SPDX-License-Identifier: Apache-2.0
//
// Predictor: the one way in which a trained model answers.
//
// `evaluate`, `predict` and `serve` all come here with features that the pipeline has prepared, so that what was
// tested is what answers. It runs without a tape, in blocks of rows that stay in the cache, and a network of linear
// layers writes into the caller's memory and allocates nothing once it is warm. The answer of such a network for a row
// is the same to the last bit, whether the row comes alone or among others.
//
// Shapes    N rows, D features, C scores
// Before    FolderExchange.swift     After    AnsweringTeam.swift

import SwiftletNN
import SwiftletTables
import SwiftletTensors

/// Answers for a trained model. Safe to be used from many threads at once.
public final class Predictor: Sendable {
  /// The model that answers.
  public let bundle: ModelBundle
  private let stages: [Stage]
  private let workspaces: WorkspacePool
  /// The largest number of rows in one block.
  private let blockSize: Int

  private let team: AnsweringTeam
  private let rowCost: Int

  /// The number of rows that are handed over together: blocks for every member of a team.
  private static let pieceSize = 4096

  /// A layer, and the shapes of one row before it and behind it.
  private struct Stage {
    let layer: any Layer
    let inputShape: Shape
    let outputCount: Int

    /// The shape of what comes in, for some rows. Nothing is allocated for rows of numbers.
    func inputShape(rows: Int) -> Shape {
      inputShape.rank == 2 ? Shape(rows, inputShape[1]) : inputShape.replacing(axis: 0, with: rows)
    }
  }

  /// Makes a predictor.
  ///
  /// - Parameters:
  ///   - bundle: The model.
  ///   - threads: The number of threads that share out the rows of one large call. With more than one, leave OpenBLAS on
  ///     one thread by `OpenBLAS.setThreadCount(_:)`, so that the two do not fight for the same processors.
  public convenience init(_ bundle: ModelBundle, threads: Int = 1) {
    self.init(bundle, team: AnsweringTeam(threads: threads))
  }

  /// Makes a predictor that shares its threads with others.
  init(_ bundle: ModelBundle, team: AnsweringTeam) {
    self.bundle = bundle
    self.team = team
    rowCost = bundle.rowCost
    var shape: Shape = [1, bundle.pipeline.width]
    var stages: [Stage] = []
    for layer in Sequential.fused(bundle.network.answering) {
      // The layers of a bundle follow each other; those that replace them in answers must do so too.
      guard let output = try? layer.outputShape(for: shape) else {
        stop("Predictor: \(layer.summaryName) does not take the shape \(shape) of what comes before it")
      }
      stages.append(Stage(layer: layer.packed, inputShape: shape, outputCount: output.elementCount))
      shape = output
    }
    guard shape == [1, bundle.head.scoreCount] else {
      stop("Predictor: the layers give \(shape) for a row, and \(bundle.head.scoreCount) scores are needed")
    }
    self.stages = stages
    let largestWidth = stages.map(\.outputCount).max() ?? 1
    blockSize = Workspace.rowCount(ofWidth: max(largestWidth, bundle.pipeline.width))
    workspaces = WorkspacePool(capacity: blockSize * largestWidth)
  }

  /// The number of answers for a row: probabilities of the labels, or predictions.
  public var answerWidth: Int { bundle.head.answerWidth }

  /// Answers for the rows of a table.
  ///
  /// - Returns: The answers, and how many cells held a category that was not in the training rows.
  /// - Throws: `DataError` if a column is absent or of another type.
  public func predict(_ table: Table) throws -> (answers: Answers, unseenCount: Int) {
    let (features, unseenCount) = try bundle.pipeline.transform(table)
    return (answers(for: features), unseenCount)
  }

  /// Answers for rows that were prepared already.
  public func answers(for features: FeatureMatrix) -> Answers {
    let n = features.rowCount
    let width = answerWidth
    let values = [Double](unsafeUninitializedCapacity: n * width) { answers, written in
      // Pictures become numbers piece by piece, so that not all of them are numbers at once.
      for start in stride(from: 0, to: n, by: Predictor.pieceSize) {
        let end = min(start + Predictor.pieceSize, n)
        let piece = UnsafeMutableBufferPointer(rebasing: answers[start * width..<end * width])
        features.rows(start..<end).withUnsafeScalars { answer(features: $0, into: piece) }
      }
      written = n * width
    }
    return Answers(values: values, count: n, width: answerWidth)
  }

  /// Answers for rows in bare memory: on this thread, or on several if there are enough of them.
  ///
  /// - Parameters:
  ///   - features: N · D numbers, as the pipeline makes them.
  ///   - answers: Room for N · ``answerWidth`` numbers.
  public func answer(features: UnsafeBufferPointer<Float>, into answers: UnsafeMutableBufferPointer<Double>) {
    let d = bundle.pipeline.width
    let n = features.count / max(d, 1)
    guard features.count == n * d, answers.count == n * answerWidth else {
      stop("answer: \(features.count) features of \(d) a row do not fit \(answers.count) answers of \(answerWidth)")
    }
    // Every row is written by one thread, and the memory outlives the call.
    nonisolated(unsafe) let features = features
    nonisolated(unsafe) let answers = answers
    team.share(n, cost: rowCost) { self.answerBlocks(of: features, rows: $0, into: answers) }
  }

  /// Answers for a range of the rows, block by block.
  private func answerBlocks(
    of features: UnsafeBufferPointer<Float>, rows: Range<Int>, into answers: UnsafeMutableBufferPointer<Double>
  ) {
    let d = bundle.pipeline.width
    let width = answerWidth
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: blockSize) {
      let end = min(start + blockSize, rows.upperBound)
      workspaces.withWorkspace { workspace in
        let scores = runLayers(
          over: UnsafeBufferPointer(rebasing: features[start * d..<end * d]), rows: end - start, in: workspace)
        bundle.head.finish(scores, into: UnsafeMutableBufferPointer(rebasing: answers[start * width..<end * width]))
      }
    }
  }

  /// Runs the layers over one block, back and forth between the two buffers of a workspace.
  ///
  /// - Returns: The scores, which stay where they are until the workspace is used again.
  private func runLayers(
    over features: UnsafeBufferPointer<Float>, rows: Int, in workspace: Workspace
  ) -> UnsafeBufferPointer<Float> {
    stages.reduce(features) { values, stage in
      // In bounds: a workspace has room for a block of the widest layer.
      let output = workspace.next(count: rows * stage.outputCount)
      stage.layer.answer(values, shape: stage.inputShape(rows: rows), into: output)
      return UnsafeBufferPointer(output)
    }
  }
}
