// SPDX-License-Identifier: Apache-2.0

import SwiftletTensors
import SwiftletTestSupport
import Testing

@Suite("Packed matrices")
struct PackedMatrixTests {
  /// What this processor can do, and less.
  private static let instructions = VectorInstructions.allCases.filter {
    $0.rawValue <= VectorInstructions.best.rawValue
  }

  /// Rows, inputs and outputs that leave a rest in every tile.
  private static let sizes = [
    (1, 1, 1), (1, 40, 257), (2, 3, 16), (3, 5, 17), (7, 31, 48), (9, 8, 49), (15, 12, 10), (23, 64, 130), (40, 2, 33),
  ]

  private func product(_ x: Tensor, _ weight: Tensor, _ instructions: VectorInstructions) throws -> Tensor {
    let packed = try #require(PackedMatrix(weight, instructions: instructions))
    return Tensor(uninitialized: [x.shape[0], weight.shape[0]]) { y in
      x.withUnsafeScalars { x in
        guard let x = x.baseAddress, let base = y.baseAddress else { return }
        packed.multiply(x, rows: y.count / weight.shape[0], into: base)
      }
    }
  }

  @Test("agree with three loops", arguments: instructions, sizes)
  func naiveTwin(instructions: VectorInstructions, sizes: (n: Int, d: Int, h: Int)) throws {
    var generator = Generator(seed: UInt64(sizes.n))
    let x = Tensor.uniform([sizes.n, sizes.d], in: -1..<1, using: &generator)
    let weight = Tensor.uniform([sizes.h, sizes.d], in: -1..<1, using: &generator)
    expectClose(try product(x, weight, instructions), threeLoops(x, weight.transposed()))
  }

  @Test("give the same bits for a row, whichever rows stand beside it", arguments: instructions)
  func rowByRow(instructions: VectorInstructions) throws {
    var generator = Generator(seed: 2)
    let x = Tensor.normal([29, 130], using: &generator)
    let weight = Tensor.normal([77, 130], using: &generator)
    let together = try product(x, weight, instructions)
    for range in [0..<1, 28..<29, 3..<5, 4..<8, 1..<14, 6..<29] {
      #expect(try product(x.rows(range), weight, instructions) == together.rows(range))
    }
  }

  @Test("compute a layer as the layer that is not packed does", arguments: Activation.allCases)
  func affineTwin(activation: Activation) throws {
    var generator = Generator(seed: 3)
    let x = Tensor.uniform([5, 12], in: -2..<2, using: &generator)
    let weight = Tensor.uniform([19, 12], in: -2..<2, using: &generator)
    let bias = Tensor.uniform([19], in: -2..<2, using: &generator)
    let packed = try #require(PackedMatrix(weight))
    let y = Tensor(uninitialized: [5, 19]) { y in
      x.withUnsafeScalars { x in
        bias.withUnsafeScalars { bias in
          guard let x = x.baseAddress, let bias = bias.baseAddress, let y = y.baseAddress else { return }
          packed.affine(x, rows: 5, bias: bias, activation, into: y)
        }
      }
    }
    expectClose(y, affine(x, weight: weight, bias: bias, activation: activation))
  }
}
