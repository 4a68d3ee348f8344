// SPDX-License-Identifier: Apache-2.0

import SwiftletTensors
import SwiftletTestSupport
import Testing

@Suite("Row products")
struct RowProductTests {
  private static let instructions = VectorInstructions.allCases.filter {
    $0.rawValue <= VectorInstructions.best.rawValue
  }

  /// Rows, features and classes that leave a rest everywhere.
  private static let sizes = [
    (1, 1, 1), (1, 40, 25), (2, 3, 10), (3, 16, 11), (7, 31, 48), (9, 8, 3), (15, 12, 10), (40, 33, 2),
  ]

  @Test("scores are the product by three loops, and a bias", arguments: instructions, sizes)
  func scoreTwin(instructions: VectorInstructions, sizes: (n: Int, d: Int, c: Int)) {
    var generator = Generator(seed: UInt64(sizes.c))
    let x = Tensor.uniform([sizes.n, sizes.d], in: -1..<1, using: &generator)
    let weight = Tensor.uniform([sizes.c, sizes.d], in: -1..<1, using: &generator)
    let bias = Tensor.uniform([sizes.c], in: -1..<1, using: &generator)
    expectClose(
      scores(of: x, weight: weight, bias: bias, instructions: instructions), threeLoops(x, weight.transposed()) + bias)
  }

  @Test(
    "the gradient of a weight is the product by three loops, added to what is there", arguments: instructions, sizes)
  func gradientTwin(instructions: VectorInstructions, sizes: (n: Int, d: Int, c: Int)) {
    var generator = Generator(seed: UInt64(sizes.d))
    let x = Tensor.uniform([sizes.n, sizes.d], in: -1..<1, using: &generator)
    let slopes = Tensor.uniform([sizes.n, sizes.c], in: -1..<1, using: &generator)
    let before = Tensor.uniform([sizes.c, sizes.d], in: -1..<1, using: &generator)
    var sums = before
    addProduct(transposing: slopes, x, to: &sums, instructions: instructions)
    expectClose(sums, before + threeLoops(slopes.transposed(), x))
  }

  @Test("the gradient needs rows that belong together")
  func refusal() async {
    await #expect(processExitsWith: .failure) {
      var sums = Tensor.zeros([3, 4])
      addProduct(transposing: .zeros([2, 3]), .zeros([5, 4]), to: &sums)
    }
  }

  @Test("the softmax of many rows is that of each", arguments: instructions, [1, 2, 10, 16, 17, 40])
  func softmaxTwin(instructions: VectorInstructions, classes: Int) {
    var generator = Generator(seed: UInt64(classes))
    let scores = Tensor.normal([9, classes], using: &generator) * 20
    expectClose(softmaxRows(scores, instructions: instructions), softmax(scores), tolerance: 1e-6)
  }

  @Test("what is no number is not hidden by the softmax of many rows", arguments: instructions)
  func notANumber(instructions: VectorInstructions) {
    let scores = Tensor([[0, .nan, 1], [1, 2, 3], [.infinity, 1, 2], [-.infinity, 0, 0]])
    let rows = softmaxRows(scores, instructions: instructions)
    #expect(rows.rows(0..<1).scalars.contains { $0.isNaN })
    #expect(rows.rows(2..<3).scalars.contains { $0.isNaN })
    expectClose(rows.rows(1..<2), softmax(scores.rows(1..<2)))
    #expect(rows.rows(3..<4).scalars == [0, 0.5, 0.5])
  }
}
