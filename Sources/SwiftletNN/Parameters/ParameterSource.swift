// SPDX-License-Identifier: Apache-2.0
//
// Parameter sources: where a layer's numbers come from when it is made.
//
// A layer has one constructor for both cases, training and loading. It asks for each parameter by its name
// and shape: the fresh source makes it by the layer's rule, the loaded one finds it in a file. So nothing is made
// at random only to be overwritten, and no size in a file is believed before the file's own numbers confirm it.
//
// Before    Initializer.swift     After    AdoptedParameters.swift
// Source    candle's VarBuilder, for one constructor with path-scoped names

import SwiftletFormats
import SwiftletTensors

/// Where parameters come from.
public protocol ParameterSource: AnyObject {
  /// The parameter with a name.
  ///
  /// - Parameters:
  ///   - name: The name in the whole network, such as `0.weight`.
  ///   - shape: The shape that the layer needs.
  ///   - initializer: The first values, if there are none yet.
  /// - Throws: ``LayerError`` if there is none with this name and shape.
  func parameter(_ name: String, _ shape: Shape, _ initializer: Initializer) throws -> Tensor

  /// Called once, after the last parameter.
  ///
  /// - Throws: ``LayerError`` if any parameter is left over.
  func finish() throws
}

/// Makes parameters for a network that has not learned yet.
public final class FreshParameters: ParameterSource {
  private var generator: Generator
  private let initializer: Initializer?
  private var count = 0

  /// The largest number of parameters in a network.
  public static let limit = 1 << 30

  /// Random numbers, each parameter by the rule of its layer.
  ///
  /// - Parameters:
  ///   - generator: The source of randomness.
  ///   - initializer: One rule for all parameters, in place of the layers' own.
  public init(using generator: Generator, initializer: Initializer? = nil) {
    self.generator = generator
    self.initializer = initializer
  }

  public func parameter(_ name: String, _ shape: Shape, _ initializer: Initializer) throws -> Tensor {
    // Counted before the memory is asked for. No overflow: both are at most 2⁶¹.
    guard count + shape.elementCount <= FreshParameters.limit else {
      throw LayerError(
        "the parameter \(name) of shape \(shape) would make more than \(FreshParameters.limit) parameters in total.")
    }
    count += shape.elementCount
    return (self.initializer ?? initializer)(shape, using: &generator)
  }

  public func finish() {}
}

/// Finds parameters among named tensors, such as those of a file.
public final class LoadedParameters: ParameterSource {
  private var left: [String: Tensor]

  /// Parameters that were saved.
  public init(_ tensors: [(name: String, tensor: Tensor)]) {
    left = Dictionary(tensors.map { ($0.name, $0.tensor) }) { first, _ in first }
  }

  public func parameter(_ name: String, _ shape: Shape, _ initializer: Initializer) throws -> Tensor {
    guard let tensor = left.removeValue(forKey: name) else {
      throw LayerError(
        "the parameter \(name) of shape \(shape) is missing." + suggestion(for: name, in: left.keys.sorted()))
    }
    guard tensor.shape == shape else {
      throw LayerError("the parameter \(name) has the shape \(tensor.shape), and \(shape) is needed.")
    }
    guard tensor.withUnsafeScalars({ $0.allSatisfy(\.isFinite) }) else {
      throw LayerError("the parameter \(name) holds numbers that are not finite.")
    }
    return tensor
  }

  public func finish() throws {
    guard let name = left.keys.min() else { return }
    throw LayerError("the parameter \(quoted(name)) belongs to no layer.")
  }
}
