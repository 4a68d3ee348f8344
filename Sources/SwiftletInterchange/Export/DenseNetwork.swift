// SPDX-License-Identifier: Apache-2.0
//
// DenseNetwork: a bundle's network as weighted sums with a function behind each.
//
// Logistic regression, linear regression and multi-layer perceptrons are this and nothing else, and it is all that some formats
// can hold. A network of other layers is refused by the first of them.
//
// Shapes    D inputs, H outputs of a layer
// Before    HeadExport.swift     After    PreparedColumn.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTensors

/// Layers that follow each other.
struct DenseNetwork {
  /// What is applied to every output of a layer.
  enum Function: String {
    case identity, relu, tanh, sigmoid, gelu
  }

  /// A weighted sum, and the function behind it.
  struct Layer {
    /// One row for each output, [H, D].
    let weight: Tensor
    /// [H]
    let bias: Tensor
    var function = Function.identity
    /// Its position in the network.
    let name: String

    var inputSize: Int { weight.shape[1] }
    var outputSize: Int { weight.shape[0] }

    /// The weights of an output.
    func row(_ output: Int) -> ArraySlice<Float> { weight.scalars[output * inputSize..<(output + 1) * inputSize] }
  }

  /// At least one layer, the last of which gives the scores.
  private(set) var layers: [Layer] = []

  /// Whether it is one sum, without a function.
  var isLinear: Bool { layers.count == 1 && layers[0].function == .identity }

  /// Reads the layers of a bundle.
  ///
  /// - Parameters:
  ///   - bundle: The model.
  ///   - format: What it is to be written as, for the refusal.
  /// - Throws: `FormatError` for a layer of another kind.
  init(_ bundle: ModelBundle, for format: String) throws {
    let parameters = Dictionary(bundle.network.parameters.map { ($0.name, $0.value) }) { first, _ in first }
    for (position, layer) in bundle.network.layers.map(\.description).enumerated() {
      let kind = layer["kind"]?.string ?? ""
      if let weight = parameters["\(position).weight"], let bias = parameters["\(position).bias"], weight.rank == 2,
        bias.shape == [weight.shape[0]]
      {
        let function = layer["activation"]?.string.flatMap(Function.init) ?? .identity
        layers.append(Layer(weight: weight, bias: bias, function: function, name: "\(position)"))
      } else if let function = Function(rawValue: kind), let last = layers.indices.last,
        layers[last].function == .identity
      {
        layers[last].function = function
      } else if kind != "dropout" {
        throw FormatError(
          bundle.name,
          "the layer \(position) is \(withArticle(kind)), which cannot be written as \(format). Logistic, linear and mlp "
            + "can, without embeddings; onnx and html hold more layers.")
      }
    }
    guard layers.last?.function == .identity else {
      throw FormatError(bundle.name, "has no linear layer at its end, so it cannot be written as \(format).")
    }
  }

  /// The last layer with a score for every class: the first of two has none of its own, and is 0.
  mutating func giveEveryClassAScore(_ count: Int) {
    guard let last = layers.last, last.outputSize == 1, count == 2 else { return }
    let zeros = Array(repeating: Float(0), count: last.inputSize)
    layers[layers.count - 1] = Layer(
      weight: Tensor(zeros + last.weight.scalars, shape: [2, last.inputSize]),
      bias: Tensor([0] + last.bias.scalars, shape: [2]), name: last.name)
  }
}

/// Where the numbers of a target are: a score times the factor, and the offset.
struct TargetForm {
  let name: String
  let offset: Double
  let factor: Double

  /// The targets of a bundle that predicts numbers; none of another.
  static func all(of bundle: ModelBundle) -> [TargetForm] {
    let listed = bundle.head.signature.first { $0.name == "targets" }?.value.array ?? []
    return listed.map { target in
      TargetForm(
        name: target["name"]?.string ?? "prediction", offset: target["offset"]?.number ?? 0,
        factor: target["factor"]?.number ?? 1)
    }
  }
}
