// SPDX-License-Identifier: Apache-2.0
//
// Sequential: layers one after another, and the summary of a network.
//
// Before    Factors.swift     After    CodeLookup.swift

import SwiftletAutograd
import SwiftletFormats
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
  public static let kind = "sequential"

  /// The layers in the order in which numbers pass through them.
  public var layers: [any Layer]

  /// A stack of the given layers.
  public init(_ layers: any Layer...) { self.layers = layers }
  /// A stack of a list of layers.
  public init(_ layers: [any Layer]) { self.layers = layers }

  /// Reads `layers`, a list of descriptions.
  public init(from plan: LayerPlan) throws { layers = try plan.layers("layers") }

  public var settings: JSONValue { ["layers": .array(layers.map(\.description))] }

  public var parameters: [NamedParameter] {
    layers.enumerated().flatMap { position, layer in
      layer.parameters.map {
        NamedParameter(name: "\(position).\($0.name)", value: $0.value, isTrainable: $0.isTrainable)
      }
    }
  }

  public var trainability: [Bool] { layers.flatMap(\.trainability) }

  public mutating func updateParameters(_ body: (String, inout Tensor) throws -> Void) rethrows {
    for position in layers.indices {
      try layers[position].updateParameters { name, value in try body("\(position).\(name)", &value) }
    }
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    Sequential.fused(answering).reduce(input) { x, layer in layer(x) }
  }

  public func callAsFunction(_ input: Variable) -> Variable {
    Sequential.fused(layers).reduce(input) { x, layer in layer(x) }
  }

  public var answering: [any Layer] { layers.flatMap(\.answering) }

  /// The same computation in fewer layers, where neighbors can be computed in one pass.
  package static func fused(_ layers: [any Layer]) -> [any Layer] {
    var fused: [any Layer] = []
    for layer in layers {
      if let both = fused.last?.fused(with: layer) {
        fused[fused.count - 1] = both
      } else {
        fused.append(layer)
      }
    }
    return fused
  }

  public func outputShape(for input: Shape) throws -> Shape {
    var shape = input
    for (position, layer) in layers.enumerated() {
      do {
        shape = try layer.outputShape(for: shape)
      } catch let error as LayerError {
        let place = error.place.isEmpty ? "\(position) (\(type(of: layer).kind))" : "\(position).\(error.place)"
        throw LayerError(error.message, place: place)
      }
    }
    return shape
  }

  /// The only layer, if it is a linear one without an activation: what a fit of a convex objective takes.
  package var onlyLinear: Linear? {
    guard layers.count == 1, let layer = layers[0] as? Linear, layer.activation == .identity else { return nil }
    return layer
  }

  public func multiplicationCount(for input: Shape) -> Double {
    zip(layers, inputShapes(for: input)).reduce(0) { $0 + $1.0.multiplicationCount(for: $1.1) }
  }

  /// The most rows that a product has for an input: of pictures the pixels, of one row of numbers one.
  package func productRowCount(for input: Shape) -> Int {
    zip(layers, inputShapes(for: input)).filter { $0.0.multiplicationCount(for: $0.1) > 0 }
      .map { $0.1.dropLast().reduce(1, *) }.max() ?? 1
  }

  /// The shape of what comes into each layer, as far as they follow each other.
  private func inputShapes(for input: Shape) -> [Shape] {
    var shapes = [input]
    for layer in layers.dropLast() {
      guard let next = try? layer.outputShape(for: shapes[shapes.count - 1]) else { break }
      shapes.append(next)
    }
    return shapes
  }

  public var summaryName: String { "Sequential" }

  /// A table of the layers, the shapes of their outputs, and the number of their parameters.
  ///
  /// - Parameter inputSize: How many numbers an example has.
  /// - Throws: ``LayerError`` if the layers do not follow each other.
  public func summary(inputSize: Int) throws -> String {
    var shape: Shape = [1, inputSize]
    var rows = [("Layer", "Output shape", "Parameters")]
    for (position, layer) in layers.enumerated() {
      shape = try layer.outputShape(for: shape)
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
