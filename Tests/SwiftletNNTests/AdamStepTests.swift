// SPDX-License-Identifier: Apache-2.0

import CVectorMath
import SwiftletTensors
import Testing

@Suite("A step of Adam")
struct AdamStepTests {
  private static let instructions = VectorInstructions.allCases.filter {
    $0.rawValue <= VectorInstructions.best.rawValue
  }

  @Test("has the bits of the formula, number by number", arguments: instructions, [1, 15, 16, 17, 300])
  func naiveTwin(instructions: VectorInstructions, count: Int) {
    var generator = Generator(seed: UInt64(count))
    func numbers(_ range: Range<Float>) -> [Float] { Tensor.uniform([count], in: range, using: &generator).scalars }
    let slopes = numbers(-1..<1)
    let before = (means: numbers(-1..<1), squares: numbers(0..<1), weights: numbers(-1..<1))
    let adam = swiftlet_adam(
      beta1: 0.9, beta2: 0.999, new1: 0.1, new2: 0.001, decay: 0.01, shrink: 0.995, step: 0.003, root_scale: 1.7,
      epsilon: 1e-8)
    var (means, squares, weights) = before
    swiftlet_adam_step(instructions.rawValue, adam, count, slopes, &means, &squares, &weights)
    for i in 0..<count {
      let slope = slopes[i] + 0.01 * before.weights[i]
      let mean = Float(0.9) * before.means[i] + 0.1 * slope
      let square = Float(0.999) * before.squares[i] + 0.001 * slope * slope
      let root = square.squareRoot() * 1.7 + 1e-8
      #expect(means[i] == mean && squares[i] == square)
      #expect(weights[i] == 0.995 * before.weights[i] - 0.003 * mean / root)
    }
  }
}
