// SPDX-License-Identifier: Apache-2.0

import SwiftletTensors
import Testing

@testable import SwiftletReports

@Suite("Axes")
struct AxisTests {
  @Test(
    "have round ticks that cover the data",
    arguments: [
      ([0.0, 1], [0, 0.2, 0.4, 0.6, 0.8, 1], 1), ([1, 44], [0, 10, 20, 30, 40, 50], 0),
      ([-3, 7], [-4, -2, 0, 2, 4, 6, 8], 0), ([0.012, 0.017], [0.012, 0.013, 0.014, 0.015, 0.016, 0.017], 3),
    ])
  func ticks(values: [Double], expected: [Double], decimals: Int) {
    let axis = Axis(covering: values)
    #expect(axis.ticks.count == expected.count)
    #expect(zip(axis.ticks, expected).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(axis.decimals == decimals)
  }

  @Test("cover whatever comes, with few ticks in rising order", arguments: 0..<50)
  func laws(seed: UInt64) {
    var generator = Generator(seed: seed)
    let scale = Double.random(in: -200...200, using: &generator)
    let values = (0..<5).map { _ in Double.random(in: -1...1, using: &generator) * .exp10(scale) }
    let axis = Axis(covering: values)
    #expect(axis.ticks.count >= 2 && axis.ticks.count <= 20)
    #expect(zip(axis.ticks, axis.ticks.dropFirst()).allSatisfy { $0 < $1 })
    for value in values {
      #expect(axis.part(value) >= 0 && axis.part(value) <= 1)
      #expect(value >= axis.low - abs(axis.low) * 1e-6 && value <= axis.high + abs(axis.high) * 1e-6)
    }
  }

  @Test(
    "stand where there is nothing to cover, one value, or no number",
    arguments: [[], [5.0], [0, 0], [.nan], [.infinity, -.infinity], [1e301, 1], [-1e299, 1e299], [5e-324, 1e-323]])
  func strange(values: [Double]) {
    let axis = Axis(covering: values)
    #expect(axis.low < axis.high && axis.low.isFinite && axis.high.isFinite)
    #expect(axis.ticks.allSatisfy { !axis.label($0).isEmpty })
  }

  @Test("write large numbers in groups and very small ones with an exponent")
  func labels() {
    #expect(Axis(covering: [0, 60_000]).label(20_000) == "20,000")
    #expect(Axis(covering: [-60_000, 0]).label(-20_000) == "-20,000")
    #expect(Axis(covering: [0, 1]).label(0.2) == "0.2")
    #expect(Axis(covering: [0, 1e-6]).label(2e-7) == "2e-7")
    #expect(Axis(covering: [-5e8, 5e8]).label(-2.5e8) == "-2.5e8")
    #expect(Axis(covering: [0, 5e8]).label(0) == "0")
  }
}

extension Double {
  fileprivate static func exp10(_ exponent: Double) -> Double {
    var result = 1.0
    for _ in 0..<Int(abs(exponent)) { result *= exponent < 0 ? 0.1 : 10 }
    return result
  }
}
