// SPDX-License-Identifier: Apache-2.0

import SwiftletTensors
import SwiftletTestSupport
import Testing

@Suite("Products")
struct ProductTests {
  @Test("agrees with a product worked by hand")
  func byHand() {
    let a = Tensor([[1, 2], [3, 4]])
    #expect(matmul(a, a) == Tensor([[7, 10], [15, 22]]))  // 1·1+2·3 = 7, 1·2+2·4 = 10, …
    #expect(matmul(a, a, transposingRight: true) == Tensor([[5, 11], [11, 25]]))
    #expect(matmul(a, a, transposingLeft: true) == Tensor([[10, 14], [14, 20]]))
  }

  @Test("agrees with three loops, for all sizes and flags", arguments: 0..<24)
  func naiveTwin(seed: UInt64) {
    var generator = Generator(seed: seed)
    let (m, k, n) = (1 + generator.below(9), 1 + generator.below(40), 1 + generator.below(9))
    let (left, right) = (seed % 2 == 1, seed / 2 % 2 == 1)
    let a = Tensor.uniform(left ? [k, m] : [m, k], in: -1..<1, using: &generator)
    let b = Tensor.uniform(right ? [n, k] : [k, n], in: -1..<1, using: &generator)
    let fast = matmul(a, b, transposingLeft: left, transposingRight: right)
    expectClose(fast, threeLoops(left ? a.transposed() : a, right ? b.transposed() : b))
  }

  @Test("multiplies every pair of a batch, and broadcasts leading axes")
  func batches() {
    var generator = Generator(seed: 3)
    let a = Tensor.uniform([2, 3, 4, 5], in: -1..<1, using: &generator)
    let b = Tensor.uniform([3, 5, 2], in: -1..<1, using: &generator)
    let product = matmul(a, b)
    #expect(product.shape == [2, 3, 4, 2])
    for i in 0..<2 {
      for j in 0..<3 {
        let left = a.rows(i..<i + 1).reshaped(to: [3, 4, 5]).rows(j..<j + 1).reshaped(to: [4, 5])
        let right = b.rows(j..<j + 1).reshaped(to: [5, 2])
        let part = product.rows(i..<i + 1).reshaped(to: [3, 4, 2]).rows(j..<j + 1).reshaped(to: [4, 2])
        expectClose(part, threeLoops(left, right))
      }
    }
    let matrix = Tensor.uniform([5, 6], in: -1..<1, using: &generator)
    #expect(matmul(a, matrix).shape == [2, 3, 4, 6])
  }

  @Test("treats vectors as one row or one column, and takes the axis away again")
  func vectors() {
    let v = Tensor([1, 2, 3], shape: [3])
    let m = Tensor([[1, 0], [0, 1], [1, 1]])
    #expect(matmul(v, v) == Tensor(14))
    #expect(matmul(v, m) == Tensor([4, 5], shape: [2]))
    #expect(matmul(m, Tensor([1, 2], shape: [2])) == Tensor([1, 2, 3], shape: [3]))
  }

  @Test("gives zeros where the inner size is zero, and nothing where there are no rows")
  func empty() {
    #expect(matmul(Tensor.zeros([2, 0]), Tensor.zeros([0, 3])) == Tensor.zeros([2, 3]))
    #expect(matmul(Tensor.zeros([0, 4]), Tensor.zeros([4, 3])).shape == [0, 3])
  }

  @Test("adds to what is there")
  func accumulates() {
    var c = Tensor([[1, 1], [1, 1]])
    let kept = c
    matmul(Tensor([[1, 2], [3, 4]]), Tensor([[1, 0], [0, 1]]), addingTo: &c)
    #expect(c == Tensor([[2, 3], [4, 5]]))
    #expect(kept == Tensor.ones([2, 2]))
  }

  @Test("(AB)ᵀ = BᵀAᵀ", arguments: 0..<10)
  func transposeOfProduct(seed: UInt64) {
    var generator = Generator(seed: seed)
    let a = Tensor.uniform([3, 4], in: -1..<1, using: &generator)
    let b = Tensor.uniform([4, 5], in: -1..<1, using: &generator)
    expectClose(matmul(a, b).transposed(), matmul(b.transposed(), a.transposed()))
  }

  @Test("computes a layer in one pass as three passes do", arguments: Activation.allCases)
  func affineTwin(activation: Activation) {
    var generator = Generator(seed: 5)
    let x = Tensor.uniform([7, 5], in: -2..<2, using: &generator)
    let weight = Tensor.uniform([11, 5], in: -1..<1, using: &generator)
    let bias = Tensor.uniform([11], in: -1..<1, using: &generator)
    let plain = matmul(x, weight, transposingRight: true) + bias
    let expected =
      switch activation {
      case .identity: plain
      case .relu: relu(plain)
      case .tanh: tanh(plain)
      case .sigmoid: sigmoid(plain)
      case .gelu: gelu(plain)
      }
    expectClose(affine(x, weight: weight, bias: bias, activation: activation), expected)
    expectClose(affine(x, weight: weight, bias: nil), matmul(x, weight, transposingRight: true))
  }

  @Test("says which sizes do not agree, and what was probably meant")
  func refusal() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = matmul(Tensor.zeros([32, 784]), Tensor.zeros([10, 784]))
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("matmul: the inner sizes must agree, but [32, 784] · [10, 784] would need 784 = 10."))
    #expect(said.contains("Did you mean other.transposed()"))
  }
}
