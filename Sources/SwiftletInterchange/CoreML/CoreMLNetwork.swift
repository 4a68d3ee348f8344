// SPDX-License-Identifier: Apache-2.0
//
// CoreMLNetwork: weighted sums and the functions behind them, as layers of Core ML.
//
// Shapes    D inputs, H outputs of a layer
// Before    CoreMLPipeline.swift     After    CoreMLExport.swift
// Source    coremltools 9.0, mlmodel/format/NeuralNetwork.proto

import SwiftletFormats
import SwiftletTensors

/// Writes the layers of a network.
enum CoreMLNetwork {
  /// Writes layers that follow each other.
  ///
  /// - Parameters:
  ///   - input: The name of what comes in.
  ///   - output: The name of what comes out.
  ///   - isSoftmax: Whether the scores become probabilities.
  static func write(
    _ network: DenseNetwork, of input: String, to output: String, isSoftmax: Bool, body: inout ProtobufWriter
  ) {
    var value = input
    for (position, layer) in network.layers.enumerated() {
      let isLast = position == network.layers.count - 1 && !isSoftmax
      let sum = isLast && layer.function == .identity ? output : "\(layer.name).linear"
      add(named: "\(layer.name).linear", value, sum, to: &body) { write(layer, to: &$0) }
      value = sum
      guard layer.function != .identity else { continue }
      let next = isLast ? output : "\(layer.name).\(layer.function.rawValue)"
      add(named: "\(layer.name).\(layer.function.rawValue)", value, next, to: &body) { write(layer.function, to: &$0) }
      value = next
    }
    if isSoftmax {
      add(named: "softmax", value, output, to: &body) { layer in
        layer.message(950) { $0.write(1, signed: -1) }  // softmaxND along the last axis
      }
    }
    body.write(5, unsigned: 1)  // arrays have the axes that they are declared with
  }

  private static func add(
    named name: String, _ input: String, _ output: String, to body: inout ProtobufWriter,
    _ fields: (inout ProtobufWriter) -> Void
  ) {
    body.message(1) { layer in
      layer.write(1, string: name)
      layer.write(2, string: input)
      layer.write(3, string: output)
      fields(&layer)
    }
  }

  private static func write(_ layer: DenseNetwork.Layer, to message: inout ProtobufWriter) {
    message.message(140) { product in
      product.write(1, unsigned: UInt64(layer.inputSize))
      product.write(2, unsigned: UInt64(layer.outputSize))
      product.write(10, bool: true)
      product.message(20) { $0.write(1, packed: layer.weight.scalars) }
      product.message(21) { $0.write(1, packed: layer.bias.scalars) }
    }
  }

  private static func write(_ function: DenseNetwork.Function, to message: inout ProtobufWriter) {
    switch function {
    case .identity: break
    case .relu: message.message(130) { $0.message(10) { _ in } }
    case .tanh: message.message(130) { $0.message(30) { _ in } }
    case .sigmoid: message.message(130) { $0.message(40) { _ in } }
    case .gelu: message.message(795) { $0.write(1, unsigned: 0) }  // exact, by the error function
    }
  }
}
