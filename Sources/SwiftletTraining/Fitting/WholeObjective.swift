// SPDX-License-Identifier: Apache-2.0
//
// The objective of a linear layer over all examples, with its gradient.
//
// A look at all examples reads their features once: what a block adds to the gradient is computed from them while they
// are still in the cache.
//
// Shapes    N examples, D features, C outputs, B rows in a block
// Before    Preconditioner.swift     After    ConvexFit.swift

import SwiftletNN
import SwiftletTensors
import Synchronization

/// An objective as a function of numbers: the weights' C · D, then the biases' C.
struct WholeObjective {
  private let objective: Objective
  private let train: Examples
  private let team: ThreadTeam
  private let outputSize: Int
  private let inputSize: Int
  /// l2 / N
  let penalty: Double
  /// The layer at the last point that was looked at.
  private(set) var layer: Linear
  /// Number of looks at all examples.
  private(set) var looks = 0

  /// Number of rows that are looked at together: few enough that their features stay in the cache.
  private static let blockSize = 128
  /// Number of rows whose gradients are added up in 32 bits, before they are added to the others in 64.
  private static let sumSize = 1024

  init(_ objective: Objective, _ train: Examples, _ layer: Linear, _ team: ThreadTeam) {
    self.objective = objective
    self.train = train
    self.layer = layer
    self.team = team
    outputSize = layer.outputSize
    inputSize = layer.inputSize
    penalty = objective.penalty(exampleCount: train.count)
  }

  /// A layer as numbers.
  func numbers(of layer: Linear) -> [Double] { (layer.weight.scalars + layer.bias.scalars).map { Double($0) } }

  /// Numbers as a layer.
  func layer(of x: [Double]) -> Linear {
    let weightCount = outputSize * inputSize
    return Linear(
      weight: Tensor(x[..<weightCount].map { Float($0) }, shape: [outputSize, inputSize]),
      bias: Tensor(x[weightCount...].map { Float($0) }, shape: [outputSize]))
  }

  /// The value at a point; writes the gradient.
  mutating func value(at x: [Double], gradient: inout [Double]) -> Double {
    looks += 1
    layer = layer(of: x)
    let parts = Mutex<[Part?]>(Array(repeating: nil, count: team.count))
    team.run { [self] member in
      // Every thread takes rows in turns, so that the assignment of rows does not depend on the speed of a thread.
      var part = Part(gradient: Array(repeating: 0, count: x.count))
      for start in stride(from: member * Self.sumSize, to: train.count, by: team.count * Self.sumSize) {
        add(start..<min(start + Self.sumSize, train.count), to: &part)
      }
      parts.withLock { [part] in $0[member] = part }
    }
    var total = Part(gradient: Array(repeating: 0, count: x.count))
    for part in parts.withLock({ $0 }).compactMap({ $0 }) {
      total.value += part.value
      for i in total.gradient.indices { total.gradient[i] += part.gradient[i] }
    }
    for i in 0..<outputSize * inputSize {
      total.value += 0.5 * penalty * x[i] * x[i]
      total.gradient[i] += penalty * x[i]
    }
    gradient = total.gradient
    return total.value
  }

  /// What some of the rows add to the objective and to its gradient.
  private struct Part: Sendable {
    var value = 0.0
    var gradient: [Double]
  }

  /// Adds some rows, block by block.
  private func add(_ rows: Range<Int>, to part: inout Part) {
    var weightSums = Tensor.zeros([outputSize, inputSize])
    var biasSums = Tensor.zeros([outputSize])
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.blockSize) {
      let block = start..<min(start + Self.blockSize, rows.upperBound)
      let features = train.features.rows(block)  // [B, D]
      let truth = train.truth.selecting(block.map { Int32($0) })
      let (mean, slope) = objective.head.lossAndGradient(
        scores(of: features, weight: layer.weight, bias: layer.bias), truth)  // [B, C]
      let weight = objective.lossFactor * truth.totalWeight
      part.value += mean * weight / Double(train.count)
      let slopes = slope * Float(weight)  // of the sum over the block, in place of its mean
      addProduct(transposing: slopes, features, to: &weightSums)
      biasSums += slopes.sum(axis: 0)
    }
    add(weightSums, 1 / Double(train.count), to: &part.gradient, at: 0)
    add(biasSums, 1 / Double(train.count), to: &part.gradient, at: outputSize * inputSize)
  }

  private func add(_ tensor: Tensor, _ factor: Double, to gradient: inout [Double], at start: Int) {
    tensor.withUnsafeScalars { tensor in
      for i in tensor.indices { gradient[start + i] += factor * Double(tensor[i]) }
    }
  }
}
