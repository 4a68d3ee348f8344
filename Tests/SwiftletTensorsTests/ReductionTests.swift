// SPDX-License-Identifier: Apache-2.0

import SwiftletTensors
import SwiftletTestSupport
import Testing

@Suite("Reductions and rearranging")
struct ReductionTests {
  let x = Tensor([[1, 5, 3], [4, 2, 6]])

  @Test("reduces along each axis")
  func axes() {
    #expect(x.sum(axis: 0) == Tensor([5, 7, 9], shape: [3]))
    #expect(x.sum(axis: -1, keepingAxis: true) == Tensor([[9], [12]]))
    #expect(x.mean(axis: 1) == Tensor([3, 4], shape: [2]))
    #expect(x.max(axis: 0) == Tensor([4, 5, 6], shape: [3]))
    #expect(x.max(axis: 1) == Tensor([5, 6], shape: [2]))
    #expect(x.argmax(axis: 1) == [1, 2])
    #expect(x.argmax(axis: 0) == [1, 0, 1])
    #expect((x.sum().scalar, x.mean().scalar, x.max().scalar) == (21, 3.5, 6))
  }

  @Test("sums a middle axis as adding its slices does", arguments: 0..<6)
  func middleAxis(seed: UInt64) {
    var generator = Generator(seed: seed)
    let t = Tensor.uniform([3, 4, 5], in: -1..<1, using: &generator)
    let flat = t.scalars
    var expected: [Float] = []
    for i in 0..<3 {
      for k in 0..<5 {
        var sum: Float = 0
        for j in 0..<4 { sum += flat[i * 20 + j * 5 + k] }
        expected.append(sum)
      }
    }
    expectClose(t.sum(axis: 1), Tensor(expected, shape: [3, 5]))
  }

  @Test("adds a million tenths without losing digits")
  func accuracy() {
    #expect(abs(Tensor(repeating: 0.1, shape: [1_000_000]).sum().scalar - 100_000) < 0.02)
  }

  @Test("sums nothing to zero")
  func empty() {
    #expect(Tensor.zeros([0, 3]).sum(axis: 0) == Tensor.zeros([3]))
    #expect(Tensor.zeros([0]).sum() == Tensor(0))
  }

  @Test("gives softmax rows that add up to one, and their logarithms", arguments: 0..<10)
  func softmaxRows(seed: UInt64) {
    var generator = Generator(seed: seed)
    let logits = Tensor.uniform([3, 11], in: -30..<30, using: &generator)
    let p = softmax(logits)
    expectClose(p.sum(axis: 1), Tensor.ones([3]))
    expectClose(exp(logSoftmax(logits)), p)
    #expect(softmax(Tensor([[1000, 1000]])) == Tensor([[0.5, 0.5]]))
  }

  @Test("transposes, gathers, concatenates and stacks")
  func rearranging() {
    #expect(x.transposed() == Tensor([[1, 4], [5, 2], [3, 6]]))
    #expect(x.transposed().transposed() == x)
    let cube = Tensor((0..<24).map { Float($0) }, shape: [2, 3, 4])
    let turned = cube.transposed([2, 0, 1])
    #expect(turned.shape == [4, 2, 3])
    #expect(turned[3, 1, 2] == cube[1, 2, 3])
    #expect(x.gathered([1, 1, 0]) == Tensor([[4, 2, 6], [4, 2, 6], [1, 5, 3]]))
    #expect(concatenated([x, x], axis: 1).shape == [2, 6])
    #expect(concatenated([x, x], axis: 1).rows(0..<1).scalars == [1, 5, 3, 1, 5, 3])
    #expect(concatenated([x, x], axis: 0) == x.gathered([0, 1, 0, 1]))
    #expect(stacked([x, x], axis: 1).shape == [2, 2, 3])
  }
}
