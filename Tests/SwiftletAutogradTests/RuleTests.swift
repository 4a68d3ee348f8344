// SPDX-License-Identifier: Apache-2.0

import SwiftletAutograd
import SwiftletTensors
import SwiftletTestSupport
import Testing

/// How one rule is checked: inputs, and the operation on variables.
private struct Check {
  var inputs: [Tensor]
  var operation: ([Variable]) -> Variable
}

/// Every rule has a check: the `switch` is exhaustive, so that a rule without one does not compile.
private func check(_ rule: Rule, seed: UInt64) -> Check {
  var generator = Generator(seed: seed)
  func random(_ shape: Shape) -> Tensor { .uniform(shape, in: -2..<2, using: &generator) }
  /// Away from zero, where a kink or a pole would spoil the finite difference.
  func awayFromZero(_ shape: Shape) -> Tensor {
    let x = Tensor.uniform(shape, in: 0.5..<2, using: &generator)
    return selected(where: Tensor.uniform(shape, in: 0..<1, using: &generator) .< 0.5, x, -x)
  }
  func positive(_ shape: Shape) -> Tensor { .uniform(shape, in: 0.5..<2, using: &generator) }
  switch rule {
  case .add: return Check(inputs: [random([3, 4]), random([4])]) { $0[0] + $0[1] }
  case .subtract: return Check(inputs: [random([2, 1, 3]), random([2, 1])]) { $0[0] - $0[1] }
  case .multiply: return Check(inputs: [random([3, 4]), random([3, 1])]) { $0[0] * $0[1] }
  case .divide: return Check(inputs: [random([3, 4]), positive([4])]) { $0[0] / $0[1] }
  case .matmul:
    let (left, right) = (seed % 2 == 1, seed / 2 % 2 == 1)
    let batched = seed % 3 == 0
    let a = random(Shape((batched ? [2] : []) + (left ? [4, 3] : [3, 4])))
    let b = random(Shape((batched && seed % 5 != 0 ? [2] : []) + (right ? [5, 4] : [4, 5])))
    return Check(inputs: [a, b]) { matmul($0[0], $0[1], transposingLeft: left, transposingRight: right) }
  case .affine:
    let activation = [Activation.identity, .tanh, .sigmoid, .gelu, .relu][Int(seed % 5)]
    if activation == .relu {
      // Inputs of one sign keep every unit away from the kink at zero, on one side or the other.
      let weight = concatenated([positive([3, 4]), -positive([2, 4])], axis: 0)
      return Check(inputs: [positive([3, 4]), weight, .zeros([5])]) {
        affine($0[0], weight: $0[1], bias: $0[2], activation: .relu)
      }
    }
    return Check(inputs: [random([3, 4]), random([5, 4]), random([5])]) {
      affine($0[0], weight: $0[1], bias: $0[2], activation: activation)
    }
  case .convolution:
    // Few channels and more, wide and high, a window of nine pixels and of one.
    let channels = [2, 5][Int(seed % 2)]
    let size = seed % 4 == 3 ? 1 : 3
    let picture: Shape = [2, seed % 3 == 0 ? 1 : 3, 4, channels]
    let activation = [Activation.identity, .tanh, .gelu][Int(seed % 3)]
    return Check(inputs: [random(picture), random([3, channels, size, size]), random([3])]) {
      convolution($0[0], weight: $0[1], bias: $0[2], activation: activation)
    }
  case .maxPooling:
    // All numbers apart by more than the step of a finite difference, so that none overtakes another.
    let order = generator.permutation(of: 2 * 5 * 4 * 3)
    let x = Tensor(order.map { Float($0) / 16 }, shape: [2, 5, 4, 3])
    return Check(inputs: [x]) { maxPooled($0[0]) }
  case .averagePooling: return Check(inputs: [random([2, 3, 4, 5])]) { averagePooled($0[0]) }
  case .groupNorm:
    let groups = [1, 3, 9][Int(seed % 3)]
    return Check(inputs: [random([2, 2, 3, 9]), random([9]), random([9])]) {
      groupNorm($0[0], groups: groups, scale: $0[1], shift: $0[2])
    }
  case .relu: return Check(inputs: [awayFromZero([3, 5])]) { relu($0[0]) }
  case .tanh: return Check(inputs: [random([3, 5])]) { tanh($0[0]) }
  case .sigmoid: return Check(inputs: [random([3, 5])]) { sigmoid($0[0]) }
  case .gelu: return Check(inputs: [random([3, 5])]) { gelu($0[0]) }
  case .exp: return Check(inputs: [random([3, 5])]) { exp($0[0]) }
  case .log: return Check(inputs: [positive([3, 5])]) { log($0[0]) }
  case .softmax: return Check(inputs: [random([3, 5])]) { softmax($0[0]) }
  case .logSoftmax: return Check(inputs: [random([2, 2, 5])]) { logSoftmax($0[0]) }
  case .layerNorm:
    return Check(inputs: [random([3, 6]), random([6]), random([6])]) { layerNorm($0[0], scale: $0[1], shift: $0[2]) }
  case .embedColumns:
    // The codes are the same on both sides of a step: they are far from the next whole number.
    let codes: [Float] = [2.5, 0.5, 3.5, 2.5, 0.5]
    var rows: [Float] = []
    for (code, other) in zip(codes, codes.reversed()) { rows += [0.3, code, -0.7, other] }
    let x = Tensor(rows, shape: [5, 4])
    return Check(inputs: [random([4, 3]), random([2, 1])]) { tables in
      embedColumns(tables[0].tape.constant(x), positions: [1, 3], tables: tables)
    }
  case .pairScores, .pairSquares:
    // A row that is looked up twice, in both tables.
    let codes = Tensor([[2, 0], [1, 3], [2, 3], [0, 1]])
    return Check(inputs: [random([3, 4]), random([4, 4])]) { tables in
      rule == .pairScores
        ? pairScores(codes, users: tables[0], items: tables[1])
        : pairSquares(codes, users: tables[0], items: tables[1])
    }
  case .embedding: return Check(inputs: [random([4, 3])]) { embedding([2, 0, 2, 3, 2], in: $0[0]) }
  case .dropout: return Check(inputs: [random([4, 5])]) { dropout($0[0], rate: 0.4) }
  case .reshape: return Check(inputs: [random([3, 4])]) { $0[0].reshaped(to: [2, 6]) }
  case .transpose: return Check(inputs: [random([2, 3, 4])]) { $0[0].transposed([2, 0, 1]) }
  case .concatenation:
    return Check(inputs: [random([2, 3, 2]), random([2, 1, 2])]) { concatenated([$0[0], $0[1]], axis: 1) }
  case .sum: return Check(inputs: [random([3, 4])]) { $0[0].sum() }
  case .mean: return Check(inputs: [random([3, 4])]) { $0[0].mean() }
  case .crossEntropy:
    let weights: [Float]? = seed % 2 == 0 ? nil : [1, 2, 0.5]
    return Check(inputs: [random([3, 4])]) { crossEntropy(logits: $0[0], labels: [1, 3, 0], weights: weights) }
  case .binaryCrossEntropy:
    let weights: [Float]? = seed % 2 == 0 ? nil : [1, 2, 0.5]
    return Check(inputs: [random([3, 1])]) { binaryCrossEntropy(logits: $0[0], labels: [1, 0, 1], weights: weights) }
  case .meanSquaredError:
    let targets = random([3, 2])
    return Check(inputs: [random([3, 2])]) { meanSquaredError($0[0], targets: targets) }
  }
}

@Suite("Rules")
struct RuleTests {
  @Test("have the gradients that finite differences measure", arguments: Rule.allCases)
  func gradients(rule: Rule) {
    for seed in UInt64(0)..<8 {
      let check = check(rule, seed: seed)
      func tape() -> Tape { Tape(training: true, generator: Generator(seed: seed)) }
      expectGradients(
        of: { inputs in
          let tape = tape()
          return check.operation(inputs.map { tape.parameter($0) }).value
        },
        equal: { inputs, upstream in
          let tape = tape()
          return tape.gradients(of: check.operation(inputs.map { tape.parameter($0) }), upstream: upstream)
        }, at: check.inputs, seed: seed)
    }
  }

  @Test("add up where a variable is used twice")
  func sharedVariable() {
    let tape = Tape()
    let x = tape.parameter(Tensor(3))
    #expect(tape.gradients(of: x * x + x)[0].scalar == 7)  // 2x + 1
  }

  @Test("give the slopes that the article How backpropagation works draws")
  func drawnTape() {
    let tape = Tape()
    let (weight, bias) = (tape.parameter(Tensor([[1]])), tape.parameter(Tensor([[0]])))
    let prediction = weight * tape.constant(Tensor([[2]])) + bias
    let loss = meanSquaredError(prediction, targets: Tensor([[7]]))
    #expect(prediction.value == Tensor([[2]]))
    #expect(loss.value.scalar == 25)  // (2 − 7)²
    #expect(tape.gradients(of: loss) == [Tensor([[-20]]), Tensor([[-10]])])  // 2 · (2 − 7) · 2, and 2 · (2 − 7)
  }

  @Test("leave constants alone, and give zeros for what the loss does not see")
  func constants() {
    let tape = Tape()
    let (x, unused) = (tape.parameter(Tensor(3)), tape.parameter(Tensor.ones([2])))
    let gradients = tape.gradients(of: (x * tape.constant(Tensor(5))).sum())
    #expect(gradients[0].scalar == 5)
    #expect(gradients[1] == Tensor.zeros([2]))
    #expect(unused.needsGradient)
    #expect(!tape.constant(Tensor(1)).needsGradient)
  }

  @Test("give ln C for scores that are all equal")
  func crossEntropyAtStart() {
    let tape = Tape()
    let loss = crossEntropy(logits: tape.parameter(.zeros([4, 10])), labels: [0, 3, 9, 5])
    #expect(abs(loss.value.scalar - 2.3025851) < 1e-6)
  }

  @Test("drop nothing where the tape is not training")
  func dropoutOutsideTraining() {
    let x = Tape().parameter(.ones([3]))
    #expect(dropout(x, rate: 0.9).value == .ones([3]))
  }

  @Test("refuse a variable from before the tape was read")
  func staleVariable() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let tape = Tape()
      let x = tape.parameter(Tensor(3))
      _ = tape.gradients(of: x * x)
      _ = tape.gradients(of: tape.parameter(Tensor(5)) * x)
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("multiply: the tape has been read since this variable was made."))
  }

  @Test("say that a loss must be one number")
  func refusal() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let tape = Tape()
      _ = tape.gradients(of: tape.parameter(.zeros([2, 3])))
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("gradients: the loss must be one number, but its shape is [2, 3]"))
  }
}

@Suite("The test helpers themselves")
struct SupportTests {
  private let x = Tensor([[0.3, -1, 2, 0.5, 1], [1, 0, -2, 0.1, 0.2]])

  @Test("notice a gradient that is always zero")
  func zeroGradient() {
    withKnownIssue {
      expectGradients(of: { softmax($0[0]) }, equal: { inputs, _ in [.zeros(inputs[0].shape)] }, at: [x], seed: 1)
    }
  }

  @Test("notice a gradient of another shape, and one that is slightly off")
  func wrongGradients() {
    withKnownIssue { expectGradients(of: { $0[0] * 2 }, equal: { _, _ in [Tensor(2)] }, at: [x], seed: 1) }
    withKnownIssue { expectGradients(of: { $0[0] * 2 }, equal: { _, upstream in [upstream * 2.02] }, at: [x], seed: 1) }
  }

  @Test("notice another shape, another number, and a NaN")
  func closeness() {
    withKnownIssue { expectClose(Tensor([1, 2], shape: [2]), Tensor([1, 2, 3], shape: [3])) }
    withKnownIssue { expectClose(Tensor([1, 2], shape: [2]), Tensor([1, 2.1], shape: [2])) }
    withKnownIssue { expectClose(Tensor([1, .nan], shape: [2]), Tensor([1, 2], shape: [2])) }
  }
}
