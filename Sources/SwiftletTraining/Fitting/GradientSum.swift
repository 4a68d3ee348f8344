// SPDX-License-Identifier: Apache-2.0
//
// GradientSum: the sum of the gradients of a step.
//
// The gradient of a mean over a batch is the weighted mean of the gradients over its parts. So several processes can
// share a batch: each takes its part of the rows, and their gradients are added up before the step, which is then the
// same in all of them. The loop asks for its rank and the number of processes; alone, it is the first of one.
//
// Before    ContinuedFit.swift     After    Augmentation.swift
// Source    Dean et al., "Large Scale Distributed Deep Networks" (2012), section 4, in its synchronous form

import SwiftletTensors

/// Adds up the gradients that several processes computed on their parts of a batch.
public protocol GradientSum: Sendable {
  /// This process's number, from 0.
  var rank: Int { get }
  /// Number of processes.
  var count: Int { get }
  /// Replaces the loss and the gradients by their sums over all processes.
  func sum(_ loss: inout Float, _ gradients: inout [Tensor])
}

extension GradientSum {
  /// This process's part of a batch; empty if there are fewer rows than processes.
  func part(of batch: ArraySlice<Int32>) -> ArraySlice<Int32> {
    let size = (batch.count + count - 1) / count
    return batch.dropFirst(rank * size).prefix(size)
  }
}

/// One process, whose own gradients are the sum.
public struct SingleProcess: GradientSum {
  public let rank = 0
  public let count = 1
  /// The sum of one process.
  public init() {}
  public func sum(_ loss: inout Float, _ gradients: inout [Tensor]) {}
}
