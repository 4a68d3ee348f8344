// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletTensors
import SwiftletTestSupport
import Testing

@Suite("Elementwise operations")
struct ElementwiseTests {
  @Test(
    "broadcasts as NumPy does",
    arguments: [
      ([2, 3], [2, 3], [2, 3]), ([2, 3], [3], [2, 3]), ([2, 1], [1, 3], [2, 3]), ([4, 1, 3], [2, 1], [4, 2, 3]),
      ([], [2, 2], [2, 2]), ([0, 3], [3], [0, 3]), ([3, 9], [3, 1], [3, 9]),
    ] as [([Int], [Int], [Int])])
  func broadcasting(a: [Int], b: [Int], expected: [Int]) {
    var generator = Generator(seed: 1)
    let (x, y) = (
      Tensor.uniform(Shape(a), in: 1..<2, using: &generator), Tensor.uniform(Shape(b), in: 1..<2, using: &generator)
    )
    let (sum, quotient) = (x + y, x / y)
    #expect(sum.shape == Shape(expected))
    for position in positions(of: expected) {
      let (p, q) = (element(x, position), element(y, position))
      #expect(element(sum, position) == p + q)
      #expect(element(quotient, position) == p / q)
    }
  }

  @Test("takes square roots as the C library does, to the last bit")
  func squareRoots() {
    var generator = Generator(seed: 8)
    let x = [0, 1, 4, 1e-40, 3e38, .infinity, .nan, -1] + (0..<500).map { _ in Float(generator.uniform()) * 1000 }
    for (root, number) in zip(sqrt(Tensor(x, shape: [x.count])).scalars, x) {
      #expect(root == number.squareRoot() || root.isNaN && number.squareRoot().isNaN)
    }
  }

  @Test("sums a gradient back over the axes that were repeated")
  func reducedToShape() {
    let gradient = Tensor.ones([4, 2, 3])
    #expect(gradient.reduced(to: [3]) == Tensor(repeating: 8, shape: [3]))
    #expect(gradient.reduced(to: [4, 1, 3]) == Tensor(repeating: 2, shape: [4, 1, 3]))
    #expect(gradient.reduced(to: []) == Tensor(24))
  }

  @Test("says which shapes do not broadcast")
  func refusal() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]) + Tensor.zeros([2])
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("+: the shapes [2, 3] and [2] do not broadcast"))
  }

  @Test("has exp within two units in the last place, and its limits")
  func exponentialAccuracy() {
    let x = stride(from: Float(-103), through: 88.7, by: 0.0371).map { $0 }
    let y = exp(Tensor(x, shape: [x.count])).scalars
    for (x, y) in zip(x, y) {
      let exact = Foundation.exp(Double(x))
      #expect(abs(Double(y) - exact) <= 2 * max(Double(Float(exact).ulp), 1e-45), "exp(\(x))")
    }
    let limits = exp(Tensor([.infinity, -.infinity, 200, -200, 0, .nan], shape: [6])).scalars
    #expect(limits[..<5] == [.infinity, 0, .infinity, 0, 1])
    #expect(limits[5].isNaN)
  }

  @Test("has tanh and sigmoid close to the exact ones")
  func smoothFunctions() {
    let x = stride(from: Float(-12), through: 12, by: 0.0173).map { $0 }
    let tensor = Tensor(x, shape: [x.count])
    for (x, (t, s)) in zip(x, zip(tanh(tensor).scalars, sigmoid(tensor).scalars)) {
      #expect(abs(Double(t) - Foundation.tanh(Double(x))) < 2e-7)
      #expect(abs(Double(s) - 1 / (1 + Foundation.exp(-Double(x)))) < 2e-7)
    }
    #expect(sigmoid(Tensor([-200, 200], shape: [2])).scalars == [0, 1])
  }

  @Test("has powers, squares and sizes as C has them")
  func powers() {
    let x = Tensor([0, 1, 2, 4, -8], shape: [5])
    #expect(pow(x, 2).scalars == [0, 1, 4, 16, 64] && square(x) == pow(x, 2))
    #expect(pow(x, -1).scalars == [.infinity, 1, 0.5, 0.25, -0.125])
    #expect(pow(x, 0.5).scalars[..<4] == [0, 1, Float(2).squareRoot(), 2])
    #expect(pow(x, 0.5).scalars[4].isNaN && pow(x, 0).scalars == [1, 1, 1, 1, 1])
    #expect(abs(x).scalars == [0, 1, 2, 4, 8])
  }

  @Test("lets a NaN through where a maximum would hide it")
  func nanStays() {
    #expect(relu(Tensor(.nan)).scalar.isNaN)
    #expect(Tensor([1, .nan, 2], shape: [3]).max().scalar.isNaN)
  }

  @Test("compares and chooses")
  func selection() {
    let x = Tensor([-1, 0, 2], shape: [3])
    #expect((x .> 0).scalars == [0, 0, 1])
    #expect((x .>= 0).mean().scalar == Float(2) / 3)
    #expect(selected(where: x .< 0, -x, x).scalars == [1, 0, 2])
    #expect(maximum(x, Tensor(1)).scalars == [1, 1, 2])
    #expect(minimum(x, Tensor(1)).scalars == [-1, 0, 1])
  }

  @Test("rounds to decimals, halves away from zero, and leaves what is no number")
  func rounding() {
    let x = Tensor([0.126, -2.5, 1e38, .infinity, 7], shape: [5])
    #expect(x.rounded(decimals: 2).scalars == [0.13, -2.5, 1e38, .infinity, 7])
    #expect(x.rounded().scalars == [0, -3, 1e38, .infinity, 7])
    #expect(Tensor(Float.nan).rounded(decimals: 1).scalar.isNaN)
  }

  private func positions(of sizes: [Int]) -> [[Int]] {
    sizes.reduce([[]]) { positions, size in positions.flatMap { p in (0..<size).map { p + [$0] } } }
  }

  /// The element that `position` of the broadcast shape reads.
  private func element(_ tensor: Tensor, _ position: [Int]) -> Float {
    let own = position.suffix(tensor.rank)
    let index = zip(own, tensor.shape).reduce(0) { $0 * $1.1 + ($1.1 == 1 ? 0 : $1.0) }
    return tensor.scalars[index]
  }
}
