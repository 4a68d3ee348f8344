// SPDX-License-Identifier: Apache-2.0

import CVectorMath
import SwiftletTensors
import Testing

@Suite("Scaled rows")
struct ScaledRowsTests {
  private static let instructions = VectorInstructions.allCases.filter {
    $0.rawValue <= VectorInstructions.best.rawValue
  }

  @Test("have the bits of the formula, number by number", arguments: instructions, [1, 7, 16, 37])
  func numbers(instructions: VectorInstructions, columns: Int) {
    var generator = Generator(seed: UInt64(columns))
    func doubles(_ count: Int) -> [Double] { (0..<count).map { _ in generator.normal() * 100 } }
    let offsets = doubles(columns)
    let factors = doubles(columns)
    let fills = doubles(columns).map { Float($0) }
    let rows = doubles(5 * columns).map { $0 > 120 ? .nan : $0 }
    var features = Array(repeating: Float(0), count: rows.count)
    swiftlet_scale_rows(instructions.rawValue, rows, 5, columns, offsets, factors, fills, &features)
    for (i, number) in rows.enumerated() {
      let c = i % columns
      #expect(features[i] == (number.isNaN ? fills[c] : Float((number - offsets[c]) * factors[c])))
    }
  }

  @Test("and so have pixels", arguments: instructions)
  func pixels(instructions: VectorInstructions) {
    let pixels = (0...255).map { UInt8($0) } + [7, 255, 0]
    var features = Array(repeating: Float(0), count: pixels.count)
    swiftlet_scale_pixels(instructions.rawValue, pixels, pixels.count, 1 / 255, &features)
    #expect(features == pixels.map { Float($0) * (1 / 255) })
  }
}
