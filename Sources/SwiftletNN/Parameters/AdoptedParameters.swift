// SPDX-License-Identifier: Apache-2.0
//
// Adopted parameters: those of another toolkit, in the places of a network's own.
//
// Elsewhere a network is a class, and its parameters are called `fc1.weight` or `net.0.weight`. The order and the shapes are the
// same if the layers are, so where the names are others, the order decides.
//
// Before    ParameterSource.swift     After    Blueprint/LayerPlan.swift

import SwiftletFormats
import SwiftletTensors

extension Sequential {
  /// A network with the parameters of another one.
  package struct Adoption: Sendable {
    /// The network with these parameters.
    package let network: Sequential
    /// The names that were others: there, and here. Empty if all are the same.
    package let renamed: [(there: String, here: String)]
  }

  /// The same layers with parameters from elsewhere: by their names, or if these are others, in their order.
  ///
  /// - Parameters:
  ///   - tensors: As many as the network has parameters, each of the same shape.
  ///   - inputSize: D, the number of features.
  /// - Throws: ``LayerError`` for another number of tensors, for another shape, and for numbers that are not finite.
  package func adopting(_ tensors: [(name: String, tensor: Tensor)], inputSize: Int) throws -> Adoption {
    let own = parameters
    let isNamedAlike = Set(own.map(\.name)) == Set(tensors.map(\.name))
    guard isNamedAlike || own.count == tensors.count else {
      throw LayerError(
        "there are \(tensors.count) tensors (\(Self.list(tensors.map { ($0.name, $0.tensor.shape) }))), and the network has "
          + "\(own.count) parameters (\(Self.list(own.map { ($0.name, $0.value.shape) }))).")
    }
    let pairs = zip(tensors, own).map { (there: $0.name, here: $1.name) }
    if !isNamedAlike {
      for (theirs, parameter) in zip(tensors, own) where theirs.tensor.shape != parameter.value.shape {
        throw LayerError(
          "\(quoted(theirs.name)) has the shape \(theirs.tensor.shape), and \(parameter.name), which has its place, has "
            + "\(parameter.value.shape).")
      }
    }
    let named = isNamedAlike ? tensors : zip(tensors, own).map { (name: $1.name, tensor: $0.tensor) }
    let network = try Blueprint(self).build(from: LoadedParameters(named), inputSize: inputSize)
    return Adoption(network: network, renamed: isNamedAlike ? [] : pairs)
  }

  /// The first names with their shapes.
  private static func list(_ named: [(name: String, shape: Shape)]) -> String {
    named.prefix(6).map { "\($0.name) \($0.shape)" }.joined(separator: ", ") + (named.count > 6 ? ", …" : "")
  }
}
