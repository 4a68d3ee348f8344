// SPDX-License-Identifier: Apache-2.0

import SwiftletAutograd
import SwiftletFormats
import SwiftletNN
import SwiftletTensors
import SwiftletTestSupport
import Testing

@Suite("Layers of pictures")
struct PictureTests {
  private let pictures = Tensor(PictureGolden.pictures, shape: [3, 60])

  /// The network of Golden/make_picture_golden.py, with PyTorch's parameters.
  private func network() throws -> Sequential {
    let blueprint = Blueprint([
      ["kind": "unflatten", "channels": 2, "height": 6, "width": 5], ["kind": "conv2d", "output": 6],
      ["kind": "group_norm", "groups": 3], ["kind": "relu"], ["kind": "max_pool2d"],
      ["kind": "conv2d", "output": 8], ["kind": "relu"], ["kind": "conv2d", "output": 4, "size": 1], ["kind": "tanh"],
      ["kind": "flatten"], ["kind": "linear", "output": 3],
    ])
    var network = try blueprint.build(from: FreshParameters(using: Generator(seed: 1)), inputSize: 60)
    var position = 0
    network.updateParameters { _, value in
      value = Tensor(Array(PictureGolden.parameters[position..<position + value.count]), shape: value.shape)
      position += value.count
    }
    #expect(position == PictureGolden.parameters.count)
    return network
  }

  @Test("have PyTorch's names, outputs, loss and gradients from the same weights")
  func agreement() throws {
    let network = try network()
    #expect(network.parameters.map(\.name) == PictureGolden.names)
    expectClose(network(pictures), Tensor(PictureGolden.outputs, shape: [3, 3]))
    let tape = Tape(training: true)
    let outputs = network(tape.constant(pictures))
    expectClose(outputs.value, Tensor(PictureGolden.outputs, shape: [3, 3]))
    let loss = crossEntropy(logits: outputs, labels: PictureGolden.labels)
    expectClose(loss.value, Tensor(PictureGolden.loss))
    let gradients = tape.gradients(of: loss).flatMap { $0.scalars }
    expectClose(
      Tensor(gradients, shape: [gradients.count]), Tensor(PictureGolden.gradients, shape: [gradients.count]))
  }

  @Test("answer the same from bare memory, with kernels that are arranged once")
  func bareMemory() throws {
    let network = try network()
    var shape: Shape = [3, 60]
    var values = pictures.scalars
    for layer in Sequential.fused(network.answering).map(\.packed) {
      let next = try layer.outputShape(for: shape)
      var output = [Float](repeating: .nan, count: next.elementCount + 7)
      values.withUnsafeBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
          layer.answer(
            UnsafeBufferPointer(rebasing: input[..<shape.elementCount]), shape: shape,
            into: UnsafeMutableBufferPointer(rebasing: output[..<next.elementCount]))
        }
      }
      values = output
      shape = next
    }
    expectClose(Tensor(Array(values[..<9]), shape: [3, 3]), Tensor(PictureGolden.outputs, shape: [3, 3]))
  }

  /// y[i, j] = b + Σ x · w, number by number.
  private func naiveConvolution(_ x: Tensor, _ weight: Tensor, _ bias: Tensor) -> Tensor {
    let (n, h, w, c) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    let (k, size) = (weight.shape[0], weight.shape[2])
    var y = Tensor.zeros([n, h, w, k])
    for picture in 0..<n {
      for row in 0..<h {
        for column in 0..<w {
          for output in 0..<k {
            var sum = bias[output]
            for u in 0..<size {
              for v in 0..<size {
                let (i, j) = (row + u - size / 2, column + v - size / 2)
                guard (0..<h).contains(i), (0..<w).contains(j) else { continue }
                for input in 0..<c { sum += x[picture, i, j, input] * weight[output, input, u, v] }
              }
            }
            y[picture, row, column, output] = sum
          }
        }
      }
    }
    return y
  }

  @Test(
    "a convolution is what its formula says, for every size of picture, window and channels",
    arguments: [[1, 1], [1, 4], [4, 1], [2, 2], [3, 5], [8, 7]],
    [[1, 1], [3, 2], [4, 9], [5, 1], [8, 3], [9, 16]])
  func convolutions(size: [Int], channels: [Int]) {
    var generator = Generator(seed: 5)
    for window in [1, 3] {
      let x = Tensor.normal([2, size[0], size[1], channels[0]], using: &generator)
      let weight = Tensor.normal([channels[1], channels[0], window, window], using: &generator)
      let bias = Tensor.normal([channels[1]], using: &generator)
      expectClose(convolution(x, weight: weight, bias: bias), naiveConvolution(x, weight, bias))
    }
  }

  @Test("a pool keeps the largest of four, and leaves out a row without a partner")
  func pools() {
    let x = Tensor((0..<15).map { Float(($0 * 7) % 15) }, shape: [1, 3, 5, 1])
    //  0  7 14  6 13
    //  5 12  4 11  3
    // 10  2  9  1  8
    #expect(maxPooled(x) == Tensor([12, 14], shape: [1, 1, 2, 1]))
    #expect(averagePooled(x) == Tensor([[7]]))
    let tape = Tape()
    let equal = tape.parameter(Tensor(repeating: 2, shape: [1, 2, 2, 1]))
    #expect(tape.gradients(of: maxPooled(equal).sum())[0].scalars == [1, 0, 0, 0])
  }

  @Test("a description of few weights cannot ask for more memory than a row may have")
  func hugePictures() throws {
    let blueprint = Blueprint([
      ["kind": "unflatten", "channels": 1, "height": 4096, "width": 4096], ["kind": "conv2d", "output": 256],
      ["kind": "flatten"],
    ])
    let error = #expect(throws: LayerError.self) {
      try blueprint.build(from: FreshParameters(using: Generator(seed: 1)), inputSize: 1 << 24)
    }
    #expect(
      "\(error.map { "\($0)" } ?? "")"
        == "layer 1 (conv2d): gives 4294967296 numbers for a row, and 16777216 are the most.")
  }

  @Test("a picture's answer does not depend on the others")
  func aloneAndTogether() throws {
    let network = try network()
    let together = network(pictures)
    for row in 0..<3 {
      expectClose(network(pictures.rows(row..<row + 1)), together.rows(row..<row + 1), tolerance: 1e-6)
    }
  }

  @Test(
    "descriptions that cannot be a network are refused",
    arguments: [
      (#"{"kind": "unflatten", "channels": 16777216, "height": 16777216, "width": 16777216}"#, "numbers in a row"),
      (#"{"kind": "unflatten", "channels": 2, "height": 6, "width": 6}"#, "numbers in a row"),
      (#"{"kind": "conv2d", "output": 4}"#, "needs pictures"),
      (#"{"kind": "max_pool2d"}"#, "needs pictures"),
      (#"{"kind": "global_average_pool"}"#, "needs pictures"),
      (#"{"kind": "group_norm", "groups": 7}"#, "cannot be shared out"),
      (#"{"kind": "conv2d", "output": 4, "size": 2}"#, "must be 3 or 1"),
      (#"{"kind": "conv2d", "output": 16777216, "input": 16777216}"#, "parameters in total"),
    ])
  func refusals(layer: String, message: String) throws {
    let blueprint = Blueprint([try JSONValue.parse(layer, name: "layer")])
    let error = #expect(throws: LayerError.self) {
      try blueprint.build(from: FreshParameters(using: Generator(seed: 1)), inputSize: 60)
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains(message))
  }
}
