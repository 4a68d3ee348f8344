// SPDX-License-Identifier: Apache-2.0

import SwiftletTensors
import SwiftletTestSupport
import Testing

@Suite("Packed convolutions")
struct PackedConvolutionTests {
  /// What this processor can do, and less.
  private static let instructions = VectorInstructions.allCases.filter {
    $0.rawValue <= VectorInstructions.best.rawValue
  }

  /// Pictures, and a window over them.
  struct Case: CustomTestStringConvertible {
    let shape: Shape  // [N, H, W, C]
    let outputs: Int
    let window: Int
    var testDescription: String { "\(shape), \(outputs) out, \(window) by \(window)" }
  }

  /// Even and odd sizes, one pixel, few and many channels, enough tiles for several blocks, and a row that is several.
  private static let cases = [
    Case(shape: [1, 4, 4, 5], outputs: 3, window: 3), Case(shape: [3, 7, 5, 16], outputs: 17, window: 3),
    Case(shape: [2, 6, 9, 8], outputs: 32, window: 3), Case(shape: [1, 1, 1, 6], outputs: 2, window: 3),
    Case(shape: [2, 2, 3, 5], outputs: 1, window: 3), Case(shape: [5, 13, 14, 33], outputs: 16, window: 3),
    Case(shape: [2, 30, 30, 5], outputs: 7, window: 3), Case(shape: [2, 3, 459, 5], outputs: 4, window: 3),
    Case(shape: [2, 6, 300, 6], outputs: 3, window: 3), Case(shape: [3, 5, 6, 1], outputs: 16, window: 3),
    Case(shape: [2, 4, 7, 4], outputs: 19, window: 3), Case(shape: [2, 5, 4, 3], outputs: 18, window: 1),
    Case(shape: [2, 3, 3, 20], outputs: 5, window: 1),
  ]

  private func answer(
    _ x: Tensor, _ weight: Tensor, _ bias: Tensor, _ activation: Activation, keepsLargest: Bool = false,
    _ instructions: VectorInstructions = .best
  ) throws -> Tensor {
    let packed = try #require(PackedConvolution(weight, instructions: instructions))
    let size = PictureSize(height: x.shape[1], width: x.shape[2])
    let scale = keepsLargest ? 2 : 1
    let shape: Shape = [x.shape[0], size.height / scale, size.width / scale, weight.shape[0]]
    return Tensor(uninitialized: shape) { y in
      x.withUnsafeScalars { x in
        bias.withUnsafeScalars { bias in
          guard let bias = bias.baseAddress else { return }
          packed.answer(x, size, bias: bias, activation, keepsLargest: keepsLargest, into: y)
        }
      }
    }
  }

  private func numbers(_ test: Case) -> (x: Tensor, weight: Tensor, bias: Tensor) {
    var generator = Generator(seed: UInt64(test.outputs))
    let x = Tensor.uniform(test.shape, in: -1..<1, using: &generator)
    let weight = Tensor.uniform([test.outputs, test.shape[3], test.window, test.window], in: -1..<1, using: &generator)
    return (x, weight, Tensor.uniform([test.outputs], in: -1..<1, using: &generator))
  }

  @Test("agree with nine products", arguments: instructions, cases)
  func naiveTwin(instructions: VectorInstructions, test: Case) throws {
    let (x, weight, bias) = numbers(test)
    expectClose(
      try answer(x, weight, bias, .tanh, instructions),
      convolution(x, weight: weight, bias: bias, activation: .tanh), tolerance: 3e-5)
  }

  @Test("keep the largest of every four, as pooling does", arguments: instructions, cases)
  func pooledTwin(instructions: VectorInstructions, test: Case) throws {
    guard test.shape[1] > 1 else { return }
    let (x, weight, bias) = numbers(test)
    expectClose(
      try answer(x, weight, bias, .relu, keepsLargest: true, instructions),
      maxPooled(convolution(x, weight: weight, bias: bias, activation: .relu)), tolerance: 3e-5)
  }

  @Test("give the same bits for a picture, whichever pictures stand beside it", arguments: cases)
  func pictureByPicture(test: Case) throws {
    let (x, weight, bias) = numbers(test)
    let together = try answer(x, weight, bias, .identity)
    for n in 0..<test.shape[0] {
      #expect(try answer(x.rows(n..<n + 1), weight, bias, .identity) == together.rows(n..<n + 1))
    }
  }

  @Test("let a NaN through to every result it belongs to, and no further than the tiles that hold it")
  func notANumber() throws {
    let (x, weight, bias) = numbers(Case(shape: [1, 9, 9, 5], outputs: 4, window: 3))
    var spoiled = x
    spoiled[0, 4, 4, 2] = .nan
    let y = try answer(spoiled, weight, bias, .relu)
    #expect(y[0, 3, 3, 0].isNaN && y[0, 4, 4, 3].isNaN && y[0, 5, 5, 1].isNaN)
    #expect(!y[0, 0, 0, 0].isNaN && !y[0, 8, 8, 0].isNaN && !y[0, 4, 0, 0].isNaN)
  }
}
