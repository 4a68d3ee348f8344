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

import SwiftletNN
import SwiftletTables
import SwiftletTensors
import Synchronization

/// Answers for a trained model. Safe to be used from many threads at once.
public final class Predictor: Sendable {
  /// The model that answers.
  public let bundle: ModelBundle
  private let layers: [any Layer]
  private let workspaces = WorkspacePool()
  /// The pipeline for rows of bare numbers, where it is numeric.
  package let numericRows: BareRows?
  /// The widest layer, for which a workspace has room.
  private let largestWidth: Int

  /// The threads that share out calls with many rows, for one call at a time; others meanwhile answer alone.
  private let team: ThreadTeam
  private let isTeamBusy = Atomic<Bool>(false)

  /// Rows are answered in blocks of at most so many.
  static let blockSize = 256
  /// A member of the team gets at least so many rows: with fewer, a matrix product is not fast.
  private static let smallestShare = 32

  /// Makes a predictor.
  ///
  /// - Parameters:
  ///   - bundle: The model.
  ///   - threads: How many threads share out the rows of one call. With more than one, OpenBLAS is to be left on one
  ///     thread by `OpenBLAS.setThreadCount(_:)`, so that the two do not fight for the same processors.
  public init(_ bundle: ModelBundle, threads: Int = 1) {
    self.bundle = bundle
    team = threads > 1 ? ThreadTeam(count: threads) : .alone
    layers = Sequential.fused(bundle.network.answering)
    numericRows = bundle.pipeline.isNumeric ? BareRows(bundle.pipeline) : nil
    var shape: Shape = [1, bundle.pipeline.width]
    var largestWidth = max(shape[1], bundle.head.scoreCount)
    for layer in layers {
      do {
        shape = try layer.outputShape(for: shape)
      } catch {
        stop("Predictor: the layers do not follow each other: \(error)")
      }
      largestWidth = max(largestWidth, shape.elementCount)
    }
    guard shape == [1, bundle.head.scoreCount] else {
      stop("Predictor: the network gives \(shape) for a row, and \(bundle.head.scoreCount) scores are needed")
    }
    self.largestWidth = largestWidth
  }

  /// How many numbers `answer(rows:into:)` writes for a row: probabilities of the labels, or predictions.
  public var answerWidth: Int { bundle.head.answerWidth }

  /// Answers for the rows of a table.
  ///
  /// - Returns: The answers, and how many cells held a category that training did not know.
  /// - Throws: `DataError` where a column is absent or of another type.
  public func predict(_ table: Table) throws -> (answers: Answers, unseenCount: Int) {
    let (features, unseenCount) = try bundle.pipeline.transform(table)
    return (answers(for: features), unseenCount)
  }

  /// Answers for rows that were prepared already.
  public func answers(for features: FeatureMatrix) -> Answers {
    let n = features.rowCount
    let count = n * answerWidth
    let values = [Double](unsafeUninitializedCapacity: count) { target, written in
      answer(.features(features), count: n, into: UnsafeMutableBufferPointer(rebasing: target[..<count]))
      written = count
    }
    return Answers(values: values, count: n, width: answerWidth)
  }

  /// Answers for rows of numbers, for a model whose features are all numbers.
  ///
  /// - Parameters:
  ///   - rows: N · D numbers as they stand in the data, NaN where one is missing.
  ///   - answers: Room for N · ``answerWidth`` numbers.
  /// - Precondition: The pipeline is numeric, and both buffers hold whole rows of the same number.
  public func answer(rows: UnsafeBufferPointer<Double>, into answers: UnsafeMutableBufferPointer<Double>) {
    answer(.doubles(rows), count: checkedCount(rows.count, answers.count), into: answers)
  }

  /// The same for 32-bit numbers.
  public func answer(rows: UnsafeBufferPointer<Float>, into answers: UnsafeMutableBufferPointer<Double>) {
    answer(.floats(rows), count: checkedCount(rows.count, answers.count), into: answers)
  }

  /// Answers for rows that were prepared already, for a caller that puts several people's rows together.
  ///
  /// - Parameters:
  ///   - features: N · D numbers, as the pipeline makes them.
  ///   - answers: Room for N · ``answerWidth`` numbers.
  package func answer(features: UnsafeBufferPointer<Float>, into answers: UnsafeMutableBufferPointer<Double>) {
    let d = bundle.pipeline.width
    let n = features.count / max(d, 1)
    guard features.count == n * d, answers.count == n * answerWidth else {
      stop("answer: \(features.count) features of \(d) a row do not fit \(answers.count) answers of \(answerWidth)")
    }
    answer(.prepared(features), count: n, into: answers)
  }

  /// How many rows so many numbers are, or a stop where they do not fit.
  private func checkedCount(_ numberCount: Int, _ answerCount: Int) -> Int {
    let d = bundle.pipeline.inputs.count
    let n = numberCount / max(d, 1)
    guard numericRows != nil, numberCount == n * d, answerCount == n * answerWidth else {
      stop("answer: \(numberCount) numbers for \(d) columns do not fit \(answerCount) answers of \(answerWidth) each")
    }
    return n
  }

  /// Rows to answer for, in one of their forms.
  private enum Rows: @unchecked Sendable {  // memory that is only read, and outlives the call
    case features(FeatureMatrix)
    case prepared(UnsafeBufferPointer<Float>)
    case floats(UnsafeBufferPointer<Float>)
    case doubles(UnsafeBufferPointer<Double>)
  }

  /// Answers for all rows: alone, or with the team where there are enough of them and it is free.
  private func answer(_ rows: Rows, count n: Int, into answers: UnsafeMutableBufferPointer<Double>) {
    guard team.count > 1, n >= team.count * Predictor.smallestShare,
      isTeamBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else { return answer(rows, 0..<n, into: answers) }
    defer { isTeamBusy.store(false, ordering: .releasing) }
    let share = (n + team.count - 1) / team.count
    nonisolated(unsafe) let answers = answers  // every row is written by one thread, and all outlives the call
    team.run { member in self.answer(rows, min(member * share, n)..<min((member + 1) * share, n), into: answers) }
  }

  /// Answers for a range of the rows, block by block.
  private func answer(_ rows: Rows, _ range: Range<Int>, into answers: UnsafeMutableBufferPointer<Double>) {
    let width = answerWidth
    for start in stride(from: range.lowerBound, to: range.upperBound, by: Predictor.blockSize) {
      let block = start..<min(start + Predictor.blockSize, range.upperBound)
      workspaces.withWorkspace(width: largestWidth) { workspace in
        prepare(rows, block, in: workspace)
        answer(
          workspace, rows: block.count,
          into: UnsafeMutableBufferPointer(rebasing: answers[block.lowerBound * width..<block.upperBound * width]))
      }
    }
  }

  /// Puts the features of a block of rows into the workspace.
  private func prepare(_ rows: Rows, _ block: Range<Int>, in workspace: Workspace) {
    func numbers(_ d: Int) -> Range<Int> { block.lowerBound * d..<block.upperBound * d }
    let d = numericRows?.valueCount ?? 0
    switch rows {
    case .features(let features): features.rows(block).withUnsafeScalars { workspace.load($0) }
    case .prepared(let rows):
      workspace.load(UnsafeBufferPointer(rebasing: rows[numbers(bundle.pipeline.width)]))
    case .floats(let rows):
      numericRows?.transform(UnsafeBufferPointer(rebasing: rows[numbers(d)]), into: workspace.input)
    case .doubles(let rows):
      numericRows?.transform(UnsafeBufferPointer(rebasing: rows[numbers(d)]), into: workspace.input)
    }
  }

  /// Runs the layers over the block in the workspace, back and forth between its two buffers.
  private func answer(_ workspace: Workspace, rows n: Int, into answers: UnsafeMutableBufferPointer<Double>) {
    var width = bundle.pipeline.width
    for layer in layers {
      if let linear = layer as? Linear {
        linear.weight.withUnsafeScalars { weight in
          linear.bias.withUnsafeScalars { bias in
            // In bounds: both buffers have room for a block of the widest layer, and the bias is padded.
            guard let x = workspace.input.baseAddress, let y = workspace.output.baseAddress,
              let weight = weight.baseAddress, let bias = bias.baseAddress
            else { return }
            affine(
              UnsafePointer(x), rows: n, weight: weight, bias: bias, inputSize: linear.inputSize,
              outputSize: linear.outputSize, linear.activation, into: y)
          }
        }
        workspace.swap()
        width = linear.outputSize
      } else {
        let x = Tensor(uninitialized: [n, width]) { _ = $0.update(from: workspace.input[..<(n * width)]) }
        let y = layer(x)
        y.withUnsafeScalars { workspace.load($0) }
        width = y.count / n
      }
    }
    bundle.head.finish(
      UnsafeBufferPointer(rebasing: workspace.input[..<(n * bundle.head.scoreCount)]), into: answers)
  }
}
