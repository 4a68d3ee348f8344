// SPDX-License-Identifier: Apache-2.0
//
// Axis: from numbers to places in a picture, with round numbers beside it.
//
// Before    SVG.swift     After    Frame.swift
// Source    Heckbert, "Nice numbers for graph labels", Graphics Gems (1990)

import Foundation

/// One side of a chart.
struct Axis: Equatable {
  /// Round numbers that cover the data: the first and the last are the ends.
  let ticks: [Double]
  /// Number of decimals that distinguish the ticks.
  let decimals: Int

  /// - Parameters:
  ///   - values: The data; values that are not finite are ignored.
  ///   - count: Roughly how many ticks, at least 2.
  ///   - isCounting: Whether there is nothing between two whole numbers, as between two epochs.
  init(covering values: some Sequence<Double>, count: Int = 6, isCounting: Bool = false) {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite && Swift.abs(value) < 1e300 {
      low = Swift.min(low, value)
      high = Swift.max(high, value)
    }
    if low > high {  // no value at all
      low = 0
      high = 1
    }
    let size = Swift.max(Swift.abs(low), Swift.abs(high))
    if high - low <= size * 1e-9 || size < 1e-290 {  // one value: room on both sides
      let room = size < 1e-290 ? 1 : Swift.abs(low) * 0.5
      low -= room
      high += room
    }
    let nice = Axis.nice((high - low) / Double(Swift.max(1, count - 1)))
    let step = isCounting ? Swift.max(1, nice) : nice
    let first = (low / step + 1e-9).rounded(.down)
    let last = (high / step - 1e-9).rounded(.up)
    // In bounds: the step is at least a seventh part of the range divided by the count, so there are few ticks.
    ticks = stride(from: first, through: last, by: 1).prefix(100).map { $0 * step }
    decimals = Swift.max(0, Swift.min(9, Int(-(log10(step) + 1e-9).rounded(.down))))
  }

  /// An axis for rows of names, at 0, −1, −2, … from the top.
  init(rows count: Int) {
    ticks = [-Double(max(1, count)) + 0.5, 0.5]
    decimals = 0
  }

  /// An axis for columns of names, at 0, 1, 2, … from the left.
  init(columns count: Int) {
    ticks = [-0.5, Double(max(1, count)) - 0.5]
    decimals = 0
  }

  var low: Double { ticks.first ?? 0 }
  var high: Double { ticks.last ?? 1 }

  /// The part of the way from the low end to the high one, from 0 to 1.
  func part(_ value: Double) -> Double { Swift.min(1, Swift.max(0, (value - low) / (high - low))) }

  /// A tick as it is written: grouped above 10,000, with an exponent where it would be long.
  func label(_ tick: Double) -> String {
    let size = Swift.max(Swift.abs(low), Swift.abs(high))
    if size >= 1e6 || size < 1e-4 {  // 5e8, not 5e+08: a long tick would reach the name of the axis
      let parts = String(format: "%.3g", tick == 0 ? 0 : tick).split(separator: "e")
      return parts.count == 2 ? "\(parts[0])e\(Int(parts[1]) ?? 0)" : parts.joined()
    }
    let text = String(format: "%.\(decimals)f", tick == 0 ? 0 : tick)
    guard decimals == 0, size >= 10_000 else { return text }
    let digits = text.drop { $0 == "-" }
    let groups = stride(from: digits.count, to: 0, by: -3).reversed().map { end in
      digits.prefix(end).suffix(Swift.min(3, end))
    }
    return (tick < 0 ? "-" : "") + groups.joined(separator: ",")
  }

  /// The nearest of 1, 2, 5 and 10 times a power of ten.
  private static func nice(_ value: Double) -> Double {
    let power = pow(10, log10(value).rounded(.down))
    let fraction = value / power
    return power * (fraction < 1.5 ? 1 : fraction < 3 ? 2 : fraction < 7 ? 5 : 10)
  }
}
