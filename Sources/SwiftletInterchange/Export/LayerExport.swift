// SPDX-License-Identifier: Apache-2.0
//
// LayerExport: the layers of a network, as operators.
//
// A layer is known by its description alone, as a bundle holds it. Pictures lie channel by channel here, as ONNX wants them.
//
// Shapes    N rows; C channels, H height, W width of a picture
// Before    ColumnExport.swift     After    HeadExport.swift
// Source    onnx, docs/Operators.md, as of operator set 15

import SwiftletFormats
import SwiftletTensors

/// Layers as operators.
struct LayerExport {
  /// The model's name, for messages.
  let name: String
  /// The parameters by their names.
  let parameters: [String: Tensor]
  /// The sizes of what comes in, behind the axis of the rows.
  private var sizes: [Int]

  /// What a layer is, where it stands, and what comes in.
  private struct Place {
    let layer: JSONValue
    /// The beginning of its parameters' names, such as `0.`.
    let prefix: String
    let input: String
  }

  private typealias Rule = @Sendable (inout LayerExport, Place, inout GraphWriter) throws -> String

  /// The layers by their kinds.
  private static let rules: [String: Rule] = [
    "linear": { try $0.linear($1, &$2) }, "conv2d": { try $0.convolution($1, &$2) },
    "relu": { $0.activation("relu", of: $1.input, at: $1.prefix, &$2) },
    "tanh": { $0.activation("tanh", of: $1.input, at: $1.prefix, &$2) },
    "sigmoid": { $0.activation("sigmoid", of: $1.input, at: $1.prefix, &$2) },
    "gelu": { $0.activation("gelu", of: $1.input, at: $1.prefix, &$2) }, "dropout": { _, place, _ in place.input },
    "layer_norm": { try $0.layerNorm($1, &$2) }, "group_norm": { try $0.groupNorm($1, &$2) },
    "sequential": { try $0.write($1.layer["layers"]?.array ?? [], of: $1.input, prefix: $1.prefix, to: &$2) },
    "unflatten": { $0.unflatten($1, &$2) }, "flatten": { $0.flatten($1.input, $1.prefix, &$2) },
    "max_pool2d": { $0.maxPool($1, &$2) }, "global_average_pool": { $0.averagePool($1, &$2) },
    "embed_columns": { try $0.embedColumns($1, &$2) }, "factors": { try $0.factors($1, &$2) },
  ]

  init(name: String, parameters: [String: Tensor], width: Int) {
    self.name = name
    self.parameters = parameters
    sizes = [width]
  }

  /// Writes layers that follow each other.
  ///
  /// - Returns: The name of what the last one gives.
  /// - Throws: `FormatError` for a kind of layer that cannot be written.
  mutating func write(
    _ layers: [JSONValue], of input: String, prefix: String = "", to writer: inout GraphWriter
  ) throws -> String {
    var value = input
    for (position, layer) in layers.enumerated() {
      let kind = layer["kind"]?.string ?? ""
      guard let rule = Self.rules[kind] else {
        throw FormatError(
          name, "the layer \(prefix)\(position) is \(withArticle(kind)), which cannot be written as ONNX yet.")
      }
      value = try rule(&self, Place(layer: layer, prefix: "\(prefix)\(position).", input: value), &writer)
    }
    return value
  }

  private func parameter(_ name: String, _ writer: inout GraphWriter, shape: Shape? = nil) throws -> String {
    guard let tensor = parameters[name] else { throw FormatError(self.name, "has no parameter \(name).") }
    return writer.constant(name, shape.map { tensor.reshaped(to: $0) } ?? tensor)
  }

  // MARK: Rows of numbers

  private mutating func linear(_ place: Place, _ writer: inout GraphWriter) throws -> String {
    let weight = try parameter(place.prefix + "weight", &writer)
    let bias = try parameter(place.prefix + "bias", &writer)
    sizes = [place.layer["output"]?.integer ?? 0]
    let sum = writer.node("Gemm", [place.input, weight, bias], as: place.prefix + "linear", [("transB", .integer(1))])
    return activation(place.layer["activation"]?.string ?? "identity", of: sum, at: place.prefix, &writer)
  }

  /// GELU in operators that are older than it: x / 2 · (1 + erf(x / √2)).
  private func activation(_ kind: String, of input: String, at prefix: String, _ writer: inout GraphWriter) -> String {
    let operators = ["relu": "Relu", "tanh": "Tanh", "sigmoid": "Sigmoid"]
    if let operation = operators[kind] { return writer.node(operation, [input], as: prefix + kind) }
    guard kind != "identity" else { return input }
    let root = writer.constant(prefix + "root", GraphValue([], [Float(0.5).squareRoot()]))
    let half = writer.constant(prefix + "half", GraphValue([], [Float(0.5)]))
    let one = writer.constant(prefix + "one", GraphValue([], [Float(1)]))
    let error = writer.node("Erf", [writer.node("Mul", [input, root], as: prefix + "scaled")], as: prefix + "erf")
    let factor = writer.node("Add", [error, one], as: prefix + "factor")
    let halved = writer.node("Mul", [input, half], as: prefix + "halved")
    return writer.node("Mul", [halved, factor], as: prefix + "gelu")
  }

  /// Each row with mean 0 and variance 1, in operators that are older than LayerNormalization.
  private func layerNorm(_ place: Place, _ writer: inout GraphWriter) throws -> String {
    let p = place.prefix
    let last: [(name: String, value: GraphWriter.Attribute)] = [("axes", .integers([-1])), ("keepdims", .integer(1))]
    let mean = writer.node("ReduceMean", [place.input], as: p + "mean", last)
    let centered = writer.node("Sub", [place.input, mean], as: p + "centered")
    let squares = writer.node("Mul", [centered, centered], as: p + "squares")
    let variance = writer.node("ReduceMean", [squares], as: p + "variance", last)
    let epsilon = writer.constant(p + "epsilon", GraphValue([], [Float(place.layer["epsilon"]?.number ?? 1e-5)]))
    let spread = writer.node("Sqrt", [writer.node("Add", [variance, epsilon], as: p + "positive")], as: p + "spread")
    let normalized = writer.node("Div", [centered, spread], as: p + "normalized")
    let scaled = writer.node("Mul", [normalized, try parameter(p + "weight", &writer)], as: p + "scaled")
    return writer.node("Add", [scaled, try parameter(p + "bias", &writer)], as: p + "layer_norm")
  }

  /// The numbers as they are, and behind them the rows of the tables that the codes name.
  private mutating func embedColumns(_ place: Place, _ writer: inout GraphWriter) throws -> String {
    let columns = place.layer["columns"]?.array ?? []
    let positions = columns.map { $0["position"]?.integer ?? 0 }
    let kept = (0..<sizes[0]).filter { !positions.contains($0) }
    var parts: [String] = []
    if !kept.isEmpty {
      let list = writer.constant(place.prefix + "numbers", GraphValue([kept.count], kept.map { Int64($0) }))
      parts.append(writer.node("Gather", [place.input, list], as: place.prefix + "kept", [("axis", .integer(1))]))
    }
    for (index, position) in positions.enumerated() {
      let table = try parameter("\(place.prefix)\(index).weight", &writer)
      parts.append(row(of: table, position, place, &writer))
    }
    sizes = [kept.count + columns.reduce(0) { $0 + ($1["size"]?.integer ?? 0) }]
    return parts.count == 1
      ? parts[0] : writer.node("Concat", parts, as: place.prefix + "embedded", [("axis", .integer(1))])
  }

  /// The rows of a table that the codes in one feature name.
  private func row(of table: String, _ position: Int, _ place: Place, _ writer: inout GraphWriter) -> String {
    let column = writer.constant("\(place.prefix)column_\(position)", GraphValue([], [Int64(position)]))
    let codes = writer.node(
      "Gather", [place.input, column], as: "\(place.prefix)codes_\(position)", [("axis", .integer(1))])
    let whole = writer.node("Cast", [codes], as: "\(place.prefix)whole_\(position)", [("to", .integer(7))])
    return writer.node("Gather", [table, whole], as: "\(place.prefix)rows_\(position)", [("axis", .integer(0))])
  }

  /// The biases and the product of the factors of a user and an item: 1 stands in the place of the other's bias.
  private mutating func factors(_ place: Place, _ writer: inout GraphWriter) throws -> String {
    let p = place.prefix
    guard let users = parameters[p + "users.weight"], let items = parameters[p + "items.weight"] else {
      throw FormatError(name, "has no tables of users and items.")
    }
    // [bias, 1, factors] · [1, bias, factors]
    let user = writer.constant(p + "users.weight", Self.widened(users) { [$0, 1] })
    let item = writer.constant(p + "items.weight", Self.widened(items) { [1, $0] })
    let rows = [row(of: user, 0, place, &writer), row(of: item, 1, place, &writer)]
    let products = writer.node("Mul", rows, as: p + "products")
    let axes = writer.constant(p + "axes", GraphValue([1], [Int64(1)]))
    sizes = [1]
    return writer.node("ReduceSum", [products, axes], as: p + "factors", [("keepdims", .integer(1))])
  }

  private static func widened(_ table: Tensor, _ bias: (Float) -> [Float]) -> Tensor {
    let width = table.shape[1]
    let numbers = table.scalars
    let rows = (0..<table.shape[0]).flatMap { row -> [Float] in
      let own = numbers[row * width..<(row + 1) * width]
      return bias(own[row * width]) + Array(own.dropFirst())
    }
    return Tensor(rows, shape: [table.shape[0], width + 1])
  }

  // MARK: Pictures

  private mutating func unflatten(_ place: Place, _ writer: inout GraphWriter) -> String {
    sizes = ["channels", "height", "width"].map { place.layer[$0]?.integer ?? 0 }
    return reshape(place.input, to: sizes, as: place.prefix + "unflatten", &writer)
  }

  private func reshape(_ input: String, to sizes: [Int], as name: String, _ writer: inout GraphWriter) -> String {
    let shape = writer.constant(name + "_shape", GraphValue([sizes.count + 1], [Int64(-1)] + sizes.map { Int64($0) }))
    return writer.node("Reshape", [input, shape], as: name)
  }

  private mutating func flatten(_ input: String, _ prefix: String, _ writer: inout GraphWriter) -> String {
    sizes = [sizes.reduce(1, *)]
    return writer.node("Flatten", [input], as: prefix + "flatten", [("axis", .integer(1))])
  }

  private mutating func convolution(_ place: Place, _ writer: inout GraphWriter) throws -> String {
    let weight = try parameter(place.prefix + "weight", &writer)
    let bias = try parameter(place.prefix + "bias", &writer)
    let size = place.layer["size"]?.integer ?? 3
    sizes[0] = place.layer["output"]?.integer ?? 0
    let sum = writer.node(
      "Conv", [place.input, weight, bias], as: place.prefix + "conv2d",
      [("kernel_shape", .integers([size, size])), ("pads", .integers(Array(repeating: size / 2, count: 4)))])
    return activation(place.layer["activation"]?.string ?? "identity", of: sum, at: place.prefix, &writer)
  }

  /// Each group of channels with mean 0 and variance 1: as one channel, which InstanceNormalization does.
  private func groupNorm(_ place: Place, _ writer: inout GraphWriter) throws -> String {
    let p = place.prefix
    let groups = place.layer["groups"]?.integer ?? 1
    let grouped = reshape(place.input, to: [groups, sizes.reduce(1, *) / groups], as: p + "grouped", &writer)
    let one = writer.constant(p + "one", GraphValue([groups], Array(repeating: Float(1), count: groups)))
    let zero = writer.constant(p + "zero", GraphValue([groups], Array(repeating: Float(0), count: groups)))
    let epsilon = Float(place.layer["epsilon"]?.number ?? 1e-5)
    let normalized = writer.node(
      "InstanceNormalization", [grouped, one, zero], as: p + "normalized", [("epsilon", .float(epsilon))])
    let pictures = reshape(normalized, to: sizes, as: p + "pictures", &writer)
    let shape: Shape = [sizes[0], 1, 1]
    let scaled = writer.node("Mul", [pictures, try parameter(p + "weight", &writer, shape: shape)], as: p + "scaled")
    return writer.node("Add", [scaled, try parameter(p + "bias", &writer, shape: shape)], as: p + "group_norm")
  }

  private mutating func maxPool(_ place: Place, _ writer: inout GraphWriter) -> String {
    sizes = [sizes[0]] + sizes.dropFirst().map { $0 / 2 }
    return writer.node(
      "MaxPool", [place.input], as: place.prefix + "max_pool2d",
      [("kernel_shape", .integers([2, 2])), ("strides", .integers([2, 2]))])
  }

  private mutating func averagePool(_ place: Place, _ writer: inout GraphWriter) -> String {
    sizes = [sizes[0], 1, 1]
    let mean = writer.node("GlobalAveragePool", [place.input], as: place.prefix + "global_average_pool")
    return flatten(mean, place.prefix, &writer)
  }
}
