// SPDX-License-Identifier: Apache-2.0
//
// Sequential: layers one after another, and the summary of a network.
//
// Before    LayerNorm.swift     After    Losses/Loss.swift

import SwiftletAutograd
import SwiftletTensors

/// A network whose layers follow each other.
///
///     var generator = Generator(seed: 1)
///     let model = Sequential(
///       Linear(inputSize: 4, outputSize: 16, using: &generator), ReLU(),
///       Linear(inputSize: 16, outputSize: 3, using: &generator))
///
/// Its parameters are called `0.weight`, `0.bias`, `2.weight`, `2.bias`, as `torch.nn.Sequential` calls
/// them: the number is the layer's position, and layers without parameters count.
public struct Sequential: Layer {
  /// The layers in the order in which numbers pass through them.
  public var layers: [any Layer]

  /// A stack of the layers given.
  public init(_ layers: any Layer...) { self.layers = layers }
  /// A stack of a list of layers.
  public init(_ layers: [any Layer]) { self.layers = layers }

  public var parameters: [NamedParameter] {
    layers.enumerated().flatMap { position, layer in
      layer.parameters.map { NamedParameter(name: "\(position).\($0.name)", value: $0.value) }
    }
  }

  public mutating func updateParameters(_ body: (String, inout Tensor) throws -> Void) rethrows {
    for position in layers.indices {
      try layers[position].updateParameters { name, value in try body("\(position).\(name)", &value) }
    }
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    steps.reduce(input) { x, step in
      switch step {
      case .affine(let linear, let activation): linear(x, activation: activation)
      case .layer(let layer): layer(x)
      }
    }
  }

  public func callAsFunction(_ input: Variable) -> Variable {
    steps.reduce(input) { x, step in
      switch step {
      case .affine(let linear, let activation): linear(x, activation: activation)
      case .layer(let layer): layer(x)
      }
    }
  }

  /// What is computed in one pass: a layer, or a fully connected one with the activation behind it.
  package enum Step {
    case affine(Linear, Activation)
    case layer(any Layer)
  }

  package var steps: [Step] {
    var steps: [Step] = []
    var position = 0
    while position < layers.count {
      let next = position + 1 < layers.count ? layers[position + 1] as? any ActivationLayer : nil
      if let linear = layers[position] as? Linear {
        steps.append(.affine(linear, next?.activation ?? .identity))
        position += next == nil ? 1 : 2
      } else {
        steps.append(.layer(layers[position]))
        position += 1
      }
    }
    return steps
  }

  public func outputShape(for input: Shape) -> Shape { layers.reduce(input) { $1.outputShape(for: $0) } }
  public var summaryName: String { "Sequential" }

  /// A table of the layers, the shapes that they put out, and how many numbers they learn.
  ///
  /// - Parameter inputSize: How many numbers an example has.
  public func summary(inputSize: Int) -> String {
    var shape: Shape = [1, inputSize]
    var rows = [("Layer", "Output shape", "Parameters")]
    for (position, layer) in layers.enumerated() {
      shape = layer.outputShape(for: shape)
      let sizes = shape.dropFirst().map { String($0) }.joined(separator: ", ")
      rows.append(("\(position)  \(layer.summaryName)", "[N, \(sizes)]", "\(layer.parameterCount)"))
    }
    rows.append(("Total", "", "\(parameterCount)"))
    let widths = (rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0, rows.map(\.2.count).max() ?? 0)
    func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: width - text.count) }
    return rows.map { row in
      padded(row.0, widths.0) + "  " + padded(row.1, widths.1) + "  "
        + String(repeating: " ", count: widths.2 - row.2.count) + row.2
    }.joined(separator: "\n")
  }
}
