// SPDX-License-Identifier: Apache-2.0

import SwiftletAutograd
import SwiftletFormats
import SwiftletNN
import SwiftletTensors
import SwiftletTestSupport
import Testing

/// A layer that the toolkit does not know: x · scale + shift, of which only the shift is learned, by a rule of its own.
struct ScaleAndShift: Layer {
  static let kind = "scale_and_shift"
  var scale: Tensor
  var shift: Tensor

  init(from plan: LayerPlan) throws {
    let size = try plan.size("size")
    scale = try plan.parameter("scale", [size], .constant(2))
    shift = try plan.parameter("shift", [size], .zeros)
  }

  var settings: JSONValue { ["size": JSONValue(scale.count)] }

  var parameters: [NamedParameter] {
    [
      NamedParameter(name: "scale", value: scale, isTrainable: false),
      NamedParameter(name: "shift", value: shift),
    ]
  }

  mutating func updateParameters(_ body: (String, inout Tensor) throws -> Void) rethrows {
    try body("scale", &scale)
    try body("shift", &shift)
  }

  func callAsFunction(_ input: Tensor) -> Tensor { input * scale + shift }

  func callAsFunction(_ input: Variable) -> Variable {
    let scale = scale
    let shift = input.tape.parameter(shift)
    let value = input.value * scale + shift.value
    return input.tape.record("scale and shift", value, from: [input, shift]) { upstream in
      [upstream * scale, upstream.sum(axis: 0)]
    }
  }
}

@Suite("Blueprints")
struct BlueprintTests {
  private let kinds = Blueprint.kinds + [ScaleAndShift.self]

  private func fresh(_ seed: UInt64 = 7) -> FreshParameters { FreshParameters(using: Generator(seed: seed)) }

  private func loaded(_ network: Sequential) -> LoadedParameters {
    LoadedParameters(network.parameters.map { ($0.name, $0.value) })
  }

  @Test("every kind of layer is described, and made again from its description and its parameters")
  func roundTrip() throws {
    let blueprint = Blueprint([
      ["kind": "linear", "input": 4, "output": 6], ["kind": "relu"], ["kind": "dropout", "rate": 0.1],
      ["kind": "sequential", "layers": [["kind": "layer_norm", "size": 6, "epsilon": 0.001], ["kind": "gelu"]]],
      ["kind": "scale_and_shift", "size": 6], ["kind": "linear", "input": 6, "output": 3, "activation": "tanh"],
      ["kind": "tanh"], ["kind": "sigmoid"], ["kind": "unflatten", "channels": 3, "height": 1, "width": 1],
      ["kind": "conv2d", "input": 3, "output": 4, "size": 3],
      ["kind": "group_norm", "groups": 2, "channels": 4, "epsilon": 0.001], ["kind": "flatten"],
      ["kind": "unflatten", "channels": 1, "height": 2, "width": 2], ["kind": "max_pool2d"],
      ["kind": "conv2d", "input": 1, "output": 3, "size": 1, "activation": "relu"], ["kind": "global_average_pool"],
      ["kind": "embed_columns", "columns": [["position": 1, "count": 4, "size": 2]]],
      ["kind": "linear", "input": 4, "output": 2],
      ["kind": "factors", "users": 3, "items": 4, "dimensions": 2, "l2": 0.1],
    ])
    let network = try blueprint.build(from: fresh(), inputSize: 4, kinds: kinds)
    #expect(Set(network.layers.map { type(of: $0).kind } + ["layer_norm", "gelu"]) == Set(kinds.map { $0.kind }))
    #expect(Blueprint(network) == blueprint)
    let again = try blueprint.build(from: loaded(network), inputSize: 4, kinds: kinds)
    #expect(again.parameters.map(\.name) == network.parameters.map(\.name))
    #expect(network.parameters.map(\.name).contains("3.0.weight"))
    let x = Tensor([[1, -2, 0.5, 3], [0, 1, 2, -1]])
    #expect(again(x) == network(x))
  }

  @Test("a size that is left out is that of what comes in")
  func sizesThatFollow() throws {
    let short = Blueprint([["kind": "linear", "output": 5], ["kind": "layer_norm"], ["kind": "linear", "output": 2]])
    let network = try short.build(from: fresh(), inputSize: 3)
    #expect(try network.outputShape(for: [1, 3]) == [1, 2])
    #expect(Blueprint(network).layers[1] == ["kind": "layer_norm", "size": 5, "epsilon": 1e-5])
  }

  @Test("a network from a blueprint begins with the numbers that its layers would draw one after another")
  func randomStream() throws {
    var generator = Generator(seed: 7)
    let byHand = [
      Linear(inputSize: 4, outputSize: 16, using: &generator), Linear(inputSize: 16, outputSize: 3, using: &generator),
    ]
    let network = try Blueprint.mlp(inputSize: 4, hiddenSizes: [16], outputSize: 3, activation: .tanh, dropoutRate: 0.5)
      .build(from: fresh(7), inputSize: 4)
    #expect(network.parameters.map(\.value) == byHand.flatMap { $0.parameters.map(\.value) })
    #expect(network.layers.map { type(of: $0).kind } == ["linear", "tanh", "dropout", "linear"])
    let zeros = FreshParameters(using: Generator(seed: 1), initializer: .zeros)
    let linear = try Blueprint.linear(inputSize: 4, outputSize: 3).build(from: zeros, inputSize: 4)
    #expect(linear.parameters.map(\.value) == [.zeros([3, 4]), .zeros([3])])
  }

  @Test("no activation stands between the layers where none is asked for")
  func identity() {
    let blueprint = Blueprint.mlp(inputSize: 2, hiddenSizes: [3], outputSize: 1, activation: .identity)
    #expect(blueprint.layers.compactMap { $0["kind"]?.string } == ["linear", "linear"])
  }

  @Test("a layer of one's own trains, and what is frozen in it stays")
  func ownLayer() throws {
    let blueprint = Blueprint([["kind": "scale_and_shift", "size": 2], ["kind": "linear", "output": 1]])
    var network = try blueprint.build(from: fresh(), inputSize: 2, kinds: kinds)
    let x = Tensor([[0, 0], [0, 1], [1, 0], [1, 1]])
    let targets = Tensor([[1], [2], [4], [5]])
    var optimizer = Adam(learningRate: 0.05)
    var last: Float = 0
    for _ in 0..<400 {
      let tape = Tape(training: true)
      let loss = meanSquaredError(network(tape.constant(x)), targets: targets)
      last = loss.value.scalar
      optimizer.step(&network, gradients: tape.gradients(of: loss))
    }
    #expect(last < 1e-3)
    #expect(network.parameters[0].value == Tensor(repeating: 2, shape: [2]))
    #expect(network.parameters[1].value != .zeros([2]))
    let again = try Blueprint(network).build(from: loaded(network), inputSize: 2, kinds: kinds)
    #expect(again(x) == network(x))
  }

  private static let refusals: [(JSONValue, String)] = [
    ([["kind": "linaer", "output": 2]], #"layer 0 (linaer): there is no layer "linaer". Did you mean "linear"?"#),
    ([["output": 2]], #"layer 0: needs a "kind"."#),
    ([7], #"layer 0: needs a "kind"."#),
    ([["kind": "linear"]], #"layer 0 (linear): needs "output"."#),
    ([["kind": "linear", "outputs": 2, "output": 2]], #"has no setting "outputs". Did you mean "output"?"#),
    ([["kind": "linear", "output": 0]], #""output" must be a whole number from 1 to 16777216."#),
    ([["kind": "linear", "output": 1.5]], #""output" must be a whole number"#),
    ([["kind": "linear", "output": 1e300]], #""output" must be a whole number"#),
    ([["kind": "linear", "input": "4", "output": 2]], #""input" must be a whole number"#),
    ([["kind": "linear", "output": 2, "activation": "relux"]], #""activation" must be one of identity, relu"#),
    ([["kind": "linear", "output": 16_777_216], ["kind": "linear", "output": 16_777_216]], "1073741824 parameters"),
    (
      [["kind": "relu"], ["kind": "linear", "input": 5, "output": 2]],
      "layer 1 (linear): needs 5 numbers in a row, and the shape of what comes in is [1, 4]."
    ),
    ([["kind": "layer_norm", "size": 5]], "layer 0 (layer_norm): needs 5 numbers in a row"),
    ([["kind": "layer_norm", "epsilon": 0]], #""epsilon" must be a number from"#),
    (
      [["kind": "dropout", "rate": 1]],
      #"layer 0 (dropout): "rate" must be a number from 0.0 up to but not including 1.0."#
    ),
    ([["kind": "dropout", "rate": 0.999999999]], #""rate" rounds to 1"#),
    (
      [["kind": "sequential", "layers": [["kind": "relu"], ["kind": "nothing"]]]],
      "layer 0.1 (nothing): there is no layer"
    ),
    ([["kind": "sequential", "layers": 3]], #""layers" must be a list of layers."#),
    (
      .array(Array(repeating: ["kind": "relu"], count: 1025)),
      #""layers" lists 1025 layers, and at most 1024 are allowed."#
    ),
  ]

  @Test("a description that is wrong is refused with a sentence", arguments: refusals)
  func refused(layers: JSONValue, sentence: String) throws {
    #expect {
      try Blueprint(layers.array ?? []).build(from: fresh(), inputSize: 4)
    } throws: {
      "\($0)".contains(sentence) && $0 is LayerError
    }
  }

  @Test("parameters that are missing, too many, of another shape or no numbers are refused")
  func wrongParameters() throws {
    let blueprint = Blueprint.linear(inputSize: 2, outputSize: 1)
    let (weight, bias) = (Tensor([[1, 2]]), Tensor([3], shape: [1]))
    func sentence(_ tensors: [(name: String, tensor: Tensor)]) -> String {
      do {
        _ = try blueprint.build(from: LoadedParameters(tensors), inputSize: 2)
        return ""
      } catch { return "\(error)" }
    }
    #expect(sentence([("0.weight", weight), ("0.bias", bias)]) == "")
    #expect(
      sentence([("0.wieght", weight), ("0.bias", bias)])
        == #"layer 0 (linear): the parameter 0.weight of shape [1, 2] is missing. Did you mean "0.wieght"?"#)
    #expect(sentence([("0.weight", weight)]) == "layer 0 (linear): the parameter 0.bias of shape [1] is missing.")
    #expect(
      sentence([("0.weight", weight.transposed()), ("0.bias", bias)])
        == "layer 0 (linear): the parameter 0.weight has the shape [2, 1], and [1, 2] is needed.")
    #expect(
      sentence([("0.weight", Tensor([[1, .nan]])), ("0.bias", bias)])
        == "layer 0 (linear): the parameter 0.weight holds numbers that are not finite.")
    #expect(
      sentence([("0.weight", weight), ("0.bias", bias), ("1.bias", bias)])
        == #"the parameter "1.bias" belongs to no layer."#)
    // Sizes of a file are never a reason to allocate: this would be four terabytes.
    let huge = Blueprint.mlp(inputSize: 1 << 20, hiddenSizes: [1 << 20], outputSize: 1)
    #expect(throws: LayerError.self) { try huge.build(from: LoadedParameters([]), inputSize: 1 << 20) }
  }
}
