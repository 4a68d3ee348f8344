// SPDX-License-Identifier: Apache-2.0
//
// ModelKind: the families of models by their names.
//
// Before    ModelBundle.swift     After    NetworkFormat.swift

/// The kinds of model.
public enum ModelKind: String, Sendable, CaseIterable {
  /// Linear scores of classes.
  case logistic
  /// A linear prediction of numbers.
  case linear
  /// A multi-layer perceptron: fully connected layers with an activation between them.
  case mlp
}
