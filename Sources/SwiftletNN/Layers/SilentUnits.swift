// SPDX-License-Identifier: Apache-2.0
//
// Silent units: hidden units that are 0 for every row.
//
// ReLU is flat below 0. A unit that a large step has pushed there for all rows has no gradient any more and never comes
// back; of pictures, a channel is a unit.
//
// Before    ScoreScale.swift     After    Optimizers/Optimizer.swift
// Source    Lu, Shin, Su, Karniadakis, "Dying ReLU and Initialization" (2020)

import SwiftletTensors

extension Sequential {
  /// The units behind a ReLU, and how many of them are 0 for all the given rows.
  ///
  /// - Parameter rows: Shape `[N, D]`.
  /// - Returns: `nil` if no layer is a ReLU.
  public func silentUnits(for rows: Tensor) -> (count: Int, silent: Int)? {
    var (count, silent) = (0, 0)
    var x = rows
    for layer in answering {
      x = layer(x)
      let activation = (layer as? any ActivationLayer)?.activation ?? (layer as? Linear)?.activation
      guard activation == .relu, x.rank >= 2, x.shape[0] > 0 else { continue }
      // [N, H], or [N, C, height, width] with a channel for each unit.
      let units = x.shape[1]
      let size = x.count / (x.shape[0] * units)
      var isSilent = Array(repeating: true, count: units)
      x.withUnsafeScalars { scalars in
        for i in scalars.indices where scalars[i] != 0 { isSilent[i / size % units] = false }
      }
      count += units
      silent += isSilent.count { $0 }
    }
    return count > 0 ? (count, silent) : nil
  }
}
