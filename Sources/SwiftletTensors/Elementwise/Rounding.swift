// SPDX-License-Identifier: Apache-2.0
//
// Rounding: numbers for people to read.
//
// Before    Functions.swift     After    Reductions/Reductions.swift
// Source    NumPy reference, numpy.round; halves go away from zero here, as in Swift's rounded()

import Foundation

extension Tensor {
  /// The nearest numbers with `decimals` digits after the point.
  ///
  ///     print(Tensor([[0.126, 2.5]]).rounded(decimals: 2))  // [[0.13 2.5 ]]
  ///
  /// - Parameter decimals: From 0 to 7: a Float has no more.
  /// - Returns: The same shape.
  public func rounded(decimals: Int = 0) -> Tensor {
    guard (0...7).contains(decimals) else { stop("rounded: a Float has from 0 to 7 decimals, not \(decimals)") }
    let scale = pow(10, Double(decimals))
    return mappedOneByOne { Float((Double($0) * scale).rounded() / scale) }
  }
}
