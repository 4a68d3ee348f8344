// SPDX-License-Identifier: Apache-2.0

import SwiftletAutograd
import SwiftletTensors
import SwiftletTestSupport
import Testing

@testable import SwiftletNN

@Suite("Layers")
struct LayerTests {
  private let x = Tensor([[-2, -0.5, 0], [0.5, 1, 3]])

  private func sequential() -> Sequential {
    var generator = Generator(seed: 3)
    return Sequential(
      Linear(inputSize: 3, outputSize: 5, using: &generator), Dropout(rate: 0.5), Tanh(), LayerNorm(size: 5),
      Linear(inputSize: 5, outputSize: 4, using: &generator), ReLU(), GELU(),
      Sequential(Linear(inputSize: 4, outputSize: 2, using: &generator), Sigmoid()))
  }

  @Test("sigmoid by hand: 0.1192029, 0.3775407, ½ and their complements")
  func sigmoid() {
    let expected = Tensor([[0.1192029, 0.3775407, 0.5], [0.6224593, 0.7310586, 0.9525741]])
    expectClose(Sigmoid()(x), expected)
    expectClose(Sigmoid()(Tape().constant(x)).value, expected)
    #expect(Sigmoid().summaryName == "Sigmoid")
  }

  @Test("an embedding gives the rows of its table, on a tape and off it")
  func embedding() {
    var generator = Generator(seed: 5)
    let table = Embedding(vocabularySize: 4, size: 3, using: &generator)
    let rows = table([2, 0, 2])
    #expect(table.weight.shape == [4, 3])
    #expect(
      rows == concatenated([table.weight.rows(2..<3), table.weight.rows(0..<1), table.weight.rows(2..<3)], axis: 0))
    let tape = Tape()
    let variable = table([2, 0, 2], on: tape)
    #expect(variable.value == rows)
    #expect(tape.gradients(of: variable.sum()) == [Tensor([[1, 1, 1], [0, 0, 0], [2, 2, 2], [0, 0, 0]])])
  }

  @Test("fused layers compute what the layers compute one after another")
  func fusing() {
    let network = sequential()
    let one = network.layers.reduce(x) { $1($0) }
    expectClose(network(x), one)
    expectClose(network(Tape().constant(x)).value, one)  // dropout rests: the tape is not training
    let answering = Sequential.fused(network.answering).map(\.summaryName)
    #expect(
      answering == ["Linear(3 → 5, tanh)", "LayerNorm(5)", "Linear(5 → 4, relu)", "GELU", "Linear(4 → 2, sigmoid)"])
    // In training dropout stands between a layer and its activation, and nothing may move past it.
    #expect(Sequential.fused(network.layers)[0].summaryName == "Linear(3 → 5)")
    #expect(network.layers[0].fused(with: ReLU())?.fused(with: Tanh()) == nil)
  }

  @Test("layers take inputs with several leading axes")
  func leadingAxes() {
    let network = sequential()
    let deep = x.reshaped(to: [1, 2, 1, 3])
    expectClose(network(deep), network(x).reshaped(to: [1, 2, 1, 2]))
    let (flat, tall) = (Tape(), Tape())
    let flatGradients = flat.gradients(of: network(flat.parameter(x)).sum())
    let tallGradients = tall.gradients(of: network(tall.parameter(deep)).sum())
    #expect(tallGradients[0].shape == deep.shape)
    for (a, b) in zip(flatGradients, tallGradients) { expectClose(b.reshaped(to: a.shape), a) }
  }

  @Test("a packed layer answers as it did, until its weight is changed")
  func packing() throws {
    var generator = Generator(seed: 4)
    let layer = Linear(inputSize: 3, outputSize: 21, using: &generator)
    func answer(_ layer: any Layer) -> Tensor {
      Tensor(uninitialized: [2, 21]) { y in x.withUnsafeScalars { layer.answer($0, shape: x.shape, into: y) } }
    }
    let fused = try #require(layer.fused(with: ReLU()))
    var packed = try #require(fused.packed as? Linear)
    expectClose(answer(packed), relu(layer(x)))
    packed.weight = .zeros([21, 3])
    expectClose(answer(packed), relu(concatenated([layer.bias, layer.bias], axis: 0).reshaped(to: [2, 21])))
  }

  @Test("what training changes is told without names as with them")
  func trainability() {
    let network = Sequential([Sequential(Frozen(), Linear(weight: .zeros([2, 2]), bias: .zeros([2]))), Frozen()])
    #expect(network.trainability == [false, true, true, false])
    #expect(network.trainability == network.parameters.map(\.isTrainable))
  }

  @Test("a constant weight gets no gradient, and does not stand in the way of the others")
  func frozenWeight() {
    let tape = Tape()
    let (weight, bias) = (tape.constant(Tensor([[1, 2, 3]])), tape.parameter(.zeros([1])))
    #expect(tape.gradients(of: affine(tape.constant(x), weight: weight, bias: bias).sum()) == [Tensor([2], shape: [1])])
  }

  @Test("says which layer does not follow the one before")
  func shapes() throws {
    let network = sequential()
    #expect(try network.outputShape(for: [7, 3]) == [7, 2])
    #expect {
      try Sequential(ReLU(), Sequential(Tanh(), network)).outputShape(for: [1, 9])
    } throws: {
      "\($0)" == "layer 1.1.0 (linear): needs 3 numbers in a row, and the shape of what comes in is [1, 9]."
    }
  }
}

/// A layer whose only parameter stays as it is.
private struct Frozen: Layer {
  static let kind = "frozen"
  var parameters: [NamedParameter] { [NamedParameter(name: "scale", value: Tensor(1), isTrainable: false)] }
  init() {}
  init(from plan: LayerPlan) throws {}
  func callAsFunction(_ input: Tensor) -> Tensor { input }
  func callAsFunction(_ input: Variable) -> Variable { input }
}

@Suite("Initializers")
struct InitializerTests {
  /// The mean, the standard deviation and the largest size of what a rule makes of a weight.
  private func figures(_ initializer: Initializer, _ shape: Shape) -> (mean: Float, deviation: Float, largest: Float) {
    var generator = Generator(seed: 11)
    let values = initializer(shape, using: &generator)
    #expect(values.shape == shape)
    let mean = values.mean().scalar
    return (mean, square(values - mean).mean().scalar.squareRoot(), values.scalars.map(\.magnitude).max() ?? 0)
  }

  private static let spreads: [(rule: Initializer, shape: Shape, deviation: Float, bound: Float?)] = [
    // D = 200: ±√(2 · 3 / 200) and √(2 / 200).
    (.kaimingUniform(), [300, 200], 0.1, 0.1732), (.kaimingNormal(), [300, 200], 0.1, nil),
    (.kaimingUniform(gain: 1), [300, 200], 0.0707, 0.12247), (.kaimingNormal(gain: 3), [300, 200], 0.2121, nil),
    // D + H = 500: ±√(6 / 500) and √(2 / 500).
    (.xavierUniform, [300, 200], 0.0632, 0.10954), (.xavierNormal, [300, 200], 0.0632, nil),
    // 64 windows of 5 · 5 in 8 channels: D = 200; xavier's H = 64 · 25.
    (.kaimingNormal(), [64, 8, 5, 5], 0.1, nil), (.xavierNormal, [64, 8, 5, 5], 0.0333, nil),
    (.uniform(bound: 0.5), [200, 100], 0.2887, 0.5), (.normal(standardDeviation: 2), [200, 100], 2, nil),
  ]

  @Test("spread weights as their papers say", arguments: spreads.indices)
  func spread(position: Int) {
    let expected = Self.spreads[position]
    let found = figures(expected.rule, expected.shape)
    #expect(abs(found.mean) < 0.02 * expected.deviation)
    #expect(abs(found.deviation / expected.deviation - 1) < 0.02)
    if let bound = expected.bound {
      #expect(found.largest <= 1.001 * bound && found.largest > 0.99 * bound)
    } else {
      #expect(found.largest > 3 * expected.deviation)
    }
  }

  @Test("zeros, ones and constants")
  func constants() {
    var generator = Generator(seed: 1)
    #expect(Initializer.zeros([2], using: &generator) == .zeros([2]))
    #expect(Initializer.ones([2, 1], using: &generator) == .ones([2, 1]))
    #expect(Initializer.constant(-3)([], using: &generator) == Tensor(-3))
    #expect(generator == Generator(seed: 1))
  }
}
