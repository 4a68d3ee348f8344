// SPDX-License-Identifier: Apache-2.0
//
// Who adds up the gradients of a step.
//
// The gradient of a mean over a batch is the weighted mean of the gradients over its parts. So several processes can
// share a batch: each takes its part of the rows, and what they found is added up before the step, which all of them
// then take alike. The loop asks who it is among how many; alone, it is the first of one.
//
// Before    Trainer.swift     After    DataParallelism.swift
// Source    Dean et al., "Large Scale Distributed Deep Networks" (2012), section 4, in its synchronous form

import SwiftletTensors

/// Adds up what several processes found on their parts of a batch.
public protocol GradientSum: Sendable {
  /// This process's number, from 0.
  var rank: Int { get }
  /// Number of processes.
  var count: Int { get }
  /// Replaces the loss and the gradients by their sums over all processes.
  func sum(_ loss: inout Float, _ gradients: inout [Tensor])
}

extension GradientSum {
  /// This process's part of a batch; empty where there are fewer rows than processes.
  func part(of batch: ArraySlice<Int32>) -> ArraySlice<Int32> {
    let size = (batch.count + count - 1) / count
    return batch.dropFirst(rank * size).prefix(size)
  }
}

/// One process, whose own gradients are the sum.
public struct SingleProcess: GradientSum {
  public let rank = 0
  public let count = 1
  /// The same as any other.
  public init() {}
  public func sum(_ loss: inout Float, _ gradients: inout [Tensor]) {}
}
