// SPDX-License-Identifier: Apache-2.0
//
// NumberText: numbers written for people and for files.
//
// Neither depends on the language of the machine: the decimal sign is a point everywhere.
//
// Before    Decimal.swift     After    Half.swift

import Foundation

/// A number with `count` digits after the point.
package func decimals(_ value: Double, _ count: Int) -> String { String(format: "%.\(count)f", value) }

/// The Double that is written with the fewest digits of those that round to a Float: 0.1 and not 0.10000000149011612.
package func shortest(_ value: Float) -> Double { Double(value.description) ?? Double(value) }
