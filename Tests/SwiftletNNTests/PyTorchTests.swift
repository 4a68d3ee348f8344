// SPDX-License-Identifier: Apache-2.0

import SwiftletAutograd
import SwiftletNN
import SwiftletTensors
import SwiftletTestSupport
import Testing

@Suite("Agreement with PyTorch")
struct PyTorchTests {
  private let input = Tensor(PyTorchGolden.input, shape: [6, 4])

  /// The MLP with PyTorch's weights.
  private func model() -> Sequential {
    var generator = Generator(seed: 0)
    var model = Sequential(
      Linear(inputSize: 4, outputSize: 5, using: &generator), ReLU(),
      Linear(inputSize: 5, outputSize: 4, using: &generator),
      Tanh(), Linear(inputSize: 4, outputSize: 3, using: &generator))
    var position = 0
    model.updateParameters { _, value in
      value = Tensor(Array(PyTorchGolden.parameters[position..<position + value.count]), shape: value.shape)
      position += value.count
    }
    return model
  }

  private func flat(_ model: Sequential) -> Tensor {
    let scalars = model.parameters.flatMap { $0.value.scalars }
    return Tensor(scalars, shape: [scalars.count])
  }

  private func vector(_ scalars: [Float]) -> Tensor { Tensor(scalars, shape: [scalars.count]) }

  @Test("has the same outputs, loss and gradients from the same weights")
  func forwardAndBackward() {
    let model = model()
    expectClose(model(input), Tensor(PyTorchGolden.outputs, shape: [6, 3]))
    let tape = Tape()
    let outputs = model(tape.constant(input))
    expectClose(outputs.value, Tensor(PyTorchGolden.outputs, shape: [6, 3]))
    let loss = crossEntropy(logits: outputs, labels: PyTorchGolden.labels)
    expectClose(loss.value, Tensor(PyTorchGolden.loss))
    let gradients = tape.gradients(of: loss)
    expectClose(vector(gradients.flatMap { $0.scalars }), vector(PyTorchGolden.gradients))
  }

  @Test("has the same parameter names")
  func names() {
    #expect(model().parameters.map(\.name) == ["0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"])
  }

  private func afterTenSteps(_ optimizer: some Optimizer) -> Tensor {
    var (model, optimizer) = (model(), optimizer)
    for _ in 0..<10 {
      let tape = Tape(training: true)
      let loss = crossEntropy(logits: model(tape.constant(input)), labels: PyTorchGolden.labels)
      optimizer.step(&model, gradients: tape.gradients(of: loss))
    }
    return flat(model)
  }

  @Test("takes the same ten steps")
  func optimizers() {
    expectClose(afterTenSteps(SGD(learningRate: 0.1)), vector(PyTorchGolden.plainSGD), tolerance: 1e-4)
    expectClose(
      afterTenSteps(SGD(learningRate: 0.1, momentum: 0.9)), vector(PyTorchGolden.sgdMomentum), tolerance: 1e-4)
    expectClose(
      afterTenSteps(SGD(learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01)),
      vector(PyTorchGolden.sgd),
      tolerance: 1e-4)
    expectClose(afterTenSteps(Adam(learningRate: 0.01, weightDecay: 0.1)), vector(PyTorchGolden.adam), tolerance: 1e-4)
    expectClose(
      afterTenSteps(Adam.adamW(learningRate: 0.01, weightDecay: 0.1)), vector(PyTorchGolden.adamW), tolerance: 1e-4)
  }

  @Test("normalizes and bends as PyTorch does")
  func layers() {
    let x = Tensor(PyTorchGolden.normInput, shape: [2, 6])
    expectClose(LayerNorm(size: 6)(x), Tensor(PyTorchGolden.layerNorm, shape: [2, 6]))
    expectClose(GELU()(x), Tensor(PyTorchGolden.gelu, shape: [2, 6]))
  }
}
