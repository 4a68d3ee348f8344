// SPDX-License-Identifier: Apache-2.0

import SwiftletAutograd
import SwiftletFormats
import SwiftletNN
import SwiftletTensors
import SwiftletTestSupport
import Testing

@Suite("Factors")
struct FactorsTests {
  private static let shapes: [Shape] = [[6, 4], [5, 4]]
  private let codes = Tensor(FactorsGolden.codes, shape: [6, 2])
  private let ratings = Tensor(FactorsGolden.ratings, shape: [6, 1])

  /// The layer of Golden/make_factors_golden.py, with PyTorch's tables.
  private func network() throws -> Sequential {
    let layer: [JSONValue] = [
      [
        "kind": "factors", "users": 6, "items": 5, "dimensions": 3,
        "l2": .number(Double(FactorsGolden.l2)),
      ]
    ]
    let tables = split(FactorsGolden.tables)
    return try Blueprint(layer).build(
      from: LoadedParameters([("0.users.weight", tables[0]), ("0.items.weight", tables[1])]), inputSize: 2)
  }

  /// The numbers of both tables.
  private func split(_ values: [Float]) -> [Tensor] {
    [Tensor(Array(values[..<24]), shape: Self.shapes[0]), Tensor(Array(values[24...]), shape: Self.shapes[1])]
  }

  private func loss(_ network: Sequential, _ tape: Tape) -> Variable {
    tape.penalized(meanSquaredError(network(tape.constant(codes)), targets: ratings))
  }

  @Test("have PyTorch's scores, loss and gradients, the penalty on what a batch looks up included")
  func agreement() throws {
    let network = try network()
    expectClose(network(codes), Tensor(FactorsGolden.scores, shape: [6, 1]))
    let tape = Tape(training: true)
    let loss = loss(network, tape)
    expectClose(loss.value, Tensor(FactorsGolden.loss))
    for (gradient, expected) in zip(tape.gradients(of: loss), split(FactorsGolden.gradients)) {
      expectClose(gradient, expected)
    }
  }

  @Test("learn as PyTorch's do: the same tables after ten steps of Adam")
  func adam() throws {
    var network = try network()
    var optimizer = Adam(learningRate: 0.05)
    for _ in 0..<10 {
      let tape = Tape(training: true)
      let loss = loss(network, tape)
      optimizer.step(&network, gradients: tape.gradients(of: loss))
    }
    for (parameter, expected) in zip(network.parameters, split(FactorsGolden.afterAdam)) {
      expectClose(parameter.value, expected, tolerance: 1e-4)
    }
  }
}
