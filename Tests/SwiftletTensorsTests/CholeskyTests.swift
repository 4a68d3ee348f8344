// SPDX-License-Identifier: Apache-2.0

import SwiftletTensors
import Testing

@Suite("Cholesky")
struct CholeskyTests {
  @Test("solves two equations worked by hand")
  func byHand() throws {
    // 4a + 2b = 8 and 2a + 3b = 7 at a = 1.25, b = 1.5; the second right side is twice the first.
    let factor = try #require(CholeskyFactor([4, 2, 2, 3], size: 2))
    var sides: [Double] = [8, 7, 16, 14]
    factor.solve(&sides)
    for (a, b) in zip(sides, [1.25, 1.5, 2.5, 3]) { #expect(abs(a - b) < 1e-12) }
  }

  @Test("A · solve(b) is b", arguments: UInt64(0)..<10)
  func law(seed: UInt64) throws {
    var generator = Generator(seed: seed)
    let size = 1 + generator.below(12)
    let x = (0..<3 * size * size).map { _ in generator.normal() }  // [3 · size, size]
    var matrix = Array(repeating: 0.0, count: size * size)  // XᵀX, positive definite with 3 · size random rows
    for i in 0..<size {
      for j in 0..<size { matrix[i * size + j] = (0..<3 * size).reduce(0) { $0 + x[$1 * size + i] * x[$1 * size + j] } }
    }
    let b = (0..<size).map { _ in generator.normal() }
    var solution = b
    try #require(CholeskyFactor(matrix, size: size)).solve(&solution)
    for i in 0..<size {
      let product = (0..<size).reduce(0) { $0 + matrix[i * size + $1] * solution[$1] }
      #expect(abs(product - b[i]) < 1e-8)
    }
  }

  @Test("a matrix that is not positive definite has no factor")
  func refusals() {
    #expect(CholeskyFactor([1, 2, 2, 1], size: 2) == nil)  // eigenvalues 3 and −1
    #expect(CholeskyFactor([0], size: 1) == nil)
    #expect(CholeskyFactor([1, 2, 3], size: 2) == nil)
  }
}
