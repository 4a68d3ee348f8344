// SPDX-License-Identifier: Apache-2.0
//
// Fitter: what changes a network until its objective is small.
//
// There are two: the trainer, which looks at a batch in every step, and the convex fit, which looks at everything.
//
// Before    Objective.swift     After    Trainer.swift

import SwiftletNN

/// A way to fit a network.
public protocol Fitter: Sendable {
  /// Changes the network's parameters until the objective is small, or until the observer wants to stop.
  ///
  /// - Throws: ``DivergenceError`` if the loss is NaN or infinite; `DataError` for a network that it cannot fit.
  func fit(_ network: inout Sequential, train: Examples, validation: Examples?, observer: any RunObserver) throws
    -> FitReport
}

extension Fitter {
  /// The same, without an observer.
  public func fit(_ network: inout Sequential, train: Examples, validation: Examples? = nil) throws -> FitReport {
    try fit(&network, train: train, validation: validation, observer: NoObserver())
  }
}
