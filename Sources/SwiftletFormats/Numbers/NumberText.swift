// SPDX-License-Identifier: Apache-2.0
//
// NumberText: numbers written for people and for files.
//
// Neither depends on the language of the machine: the decimal sign is a point everywhere.
//
// Before    Decimal.swift     After    Half.swift

import Foundation

/// A number with `count` digits after the point; from 10¹⁵ on as a power of ten, for a Double has no more digits than that.
package func decimals(_ value: Double, _ count: Int) -> String {
  String(format: value.magnitude < 1e15 ? "%.\(count)f" : "%.\(count)e", value)
}

/// The nearest number with so many significant digits, as in an advice: 0.03 and not 0.029998302.
package func rounded(_ value: Double, toDigits count: Int) -> Double {
  Double(String(format: "%.\(max(count, 1))g", value)) ?? value
}

/// The Double that is written with the fewest digits of those that round to a Float: 0.1 and not 0.10000000149011612.
package func shortest(_ value: Float) -> Double { Double(value.description) ?? Double(value) }

/// A number of things: "1 row", "2 rows".
///
/// - Parameters:
///   - count: How many.
///   - noun: What they are, in the singular.
package func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
