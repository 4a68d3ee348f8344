// SPDX-License-Identifier: Apache-2.0

import SwiftletAutograd
import SwiftletNN
import Testing

@testable import SwiftletTensors

@Suite("Memory")
struct AllocationTests {
  @Test("a training loop in its stride takes every tensor from the pool")
  func stride() async {
    // In a process of its own, because the pool serves all tests at once.
    await #expect(processExitsWith: .success) {
      var generator = Generator(seed: 1)
      var model = Sequential(
        Linear(inputSize: 20, outputSize: 16, using: &generator), ReLU(),
        Linear(inputSize: 16, outputSize: 3, using: &generator))
      var optimizer = Adam()
      let features = Tensor.uniform([32, 20], in: -1..<1, using: &generator)
      let labels = (0..<32).map { Int32($0 % 3) }
      func step() {
        let tape = Tape(training: true)
        let loss = crossEntropy(logits: model(tape.constant(features)), labels: labels)
        optimizer.step(&model, gradients: tape.gradients(of: loss))
      }
      for _ in 0..<5 { step() }
      let before = StoragePool.shared.statistics.allocated
      for _ in 0..<50 { step() }
      let allocated = StoragePool.shared.statistics.allocated - before
      guard allocated == 0 else { stop("\(allocated) blocks were allocated in 50 steps") }
    }
  }
}
