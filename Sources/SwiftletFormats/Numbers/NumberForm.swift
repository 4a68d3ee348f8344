// SPDX-License-Identifier: Apache-2.0
//
// NumberForm: numbers as people and spreadsheets write them.
//
// 1,234.50 and 1.234,50 are one number in two countries, and 1,234 can be two numbers: only the other cells of its
// column show which. So a text is read in every form that it fits, and it has a value if all of them agree.
//
// Before    Half.swift     After    CalendarDate.swift
// Source    Unicode CLDR, "Number elements", for the signs

/// The signs by which numbers are written.
public struct NumberForm: Sendable, Hashable {
  /// The sign before the decimals.
  public enum Decimal: String, Sendable, CaseIterable {
    /// As in 1.5.
    case point = "."
    /// As in 1,5.
    case comma = ","
  }
  /// The sign between groups of three digits.
  public enum Thousands: String, Sendable, CaseIterable {
    /// As in 1234.
    case none
    /// As in 1,234.
    case comma = ","
    /// As in 1.234.
    case point = "."
    /// As in 1 234, with any kind of space.
    case space = " "
    /// As in 1'234.
    case apostrophe = "'"
  }

  /// The sign before the decimals.
  public var decimal: Decimal
  /// The sign between groups of three digits.
  public var thousands: Thousands

  /// A form. The two signs should differ.
  public init(decimal: Decimal = .point, thousands: Thousands = .none) {
    self.decimal = decimal
    self.thousands = thousands
  }

  /// 1234.5, as programs write numbers.
  public static let plain = NumberForm()

  /// Every form, the plain one first.
  package static let all: [NumberForm] = Decimal.allCases.flatMap { decimal in
    Thousands.allCases.filter { $0.rawValue != decimal.rawValue }.map { NumberForm(decimal: decimal, thousands: $0) }
  }

  /// The number that a text is in this form; `nil` if it does not fit.
  package func value(of text: NumberWithUnit) -> Double? {
    var plain: [UInt8] = []
    plain.reserveCapacity(text.digits.count)
    var groups = [0]
    var position = 0
    let digits = text.digits
    let separator = thousands == .none ? nil : thousands.rawValue.utf8.first
    while position < digits.count {
      let byte = digits[position]
      if byte == separator {
        groups.append(0)
      } else if byte &- 48 < 10 {
        groups[groups.count - 1] += 1
        plain.append(byte)
      } else {
        break
      }
      position += 1
    }
    if groups.count > 1 {
      guard (1...3).contains(groups[0]), groups.dropFirst().allSatisfy({ $0 == 3 }) else { return nil }
    }
    if position < digits.count, digits[position] == decimal.rawValue.utf8.first {
      plain.append(UInt8(ascii: "."))
      plain += digits[(position + 1)...]
    } else {
      plain += digits[position...]
    }
    let magnitude = plain.withUnsafeBufferPointer { parseNumber($0) }
    return magnitude.flatMap { $0.isFinite ? (text.isNegative ? -$0 : $0) : nil }
  }

  /// The number in a text, if there is only one reading; else all readings.
  package static func values(of text: String) -> [Double] {
    guard let number = NumberWithUnit(text) else { return [] }
    if let value = plain.value(of: number) { return [value] }  // programs write 1.234 and mean a decimal point
    var values: [Double] = []
    for form in all {
      if let value = form.value(of: number), !values.contains(value) { values.append(value) }
    }
    return values
  }
}

/// A number with a sign, and perhaps a currency or a percent sign, taken apart.
package struct NumberWithUnit: Sendable, Equatable {
  package let isNegative: Bool
  /// `%`, a currency sign, or nothing.
  package let unit: String
  /// Digits and the signs between them. Every kind of space is a space here.
  let digits: [UInt8]

  /// Takes a text apart; `nil` if it is anything else than digits with signs around them.
  package init?(_ text: String) {
    var scalars = Array(text.unicodeScalars.lazy.filter { !$0.isInvisible })[...]
    var isNegative: Bool?
    var unit = ""
    NumberWithUnit.trim(&scalars)
    // A sign and a currency may stand in any order: -$5, $-5, $ 5.
    while let first = scalars.first {
      if isNegative == nil, let sign = first.sign {
        isNegative = sign
      } else if unit.isEmpty, first.properties.generalCategory == .currencySymbol {
        unit = String(first)
      } else {
        break
      }
      scalars.removeFirst()
      NumberWithUnit.trim(&scalars)
    }
    if let last = scalars.last, unit.isEmpty, last == "%" || last.properties.generalCategory == .currencySymbol {
      unit = String(last)
      scalars.removeLast()
      NumberWithUnit.trim(&scalars)
    }
    guard let first = scalars.first, first.isDigit || first == "." || first == ",", scalars.count <= 400 else {
      return nil
    }
    var digits: [UInt8] = []
    for scalar in scalars {
      switch scalar {
      case "\u{2019}": digits.append(UInt8(ascii: "'"))
      case "\u{2212}": digits.append(UInt8(ascii: "-"))  // of an exponent
      case "0"..."9", ".", ",", "'", "e", "E", "-", "+": digits.append(UInt8(truncatingIfNeeded: scalar.value))
      default:
        guard scalar.isSpace else { return nil }
        digits.append(UInt8(ascii: " "))
      }
    }
    guard digits.contains(where: { $0 &- 48 < 10 }) else { return nil }
    self.isNegative = isNegative ?? false
    self.unit = unit
    self.digits = digits
  }

  private static func trim(_ scalars: inout ArraySlice<Unicode.Scalar>) {
    while scalars.first?.isSpace == true { scalars.removeFirst() }
    while scalars.last?.isSpace == true { scalars.removeLast() }
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { "0"..."9" ~= self }
  /// A space of any width, or a tab.
  package var isSpace: Bool { self == "\t" || properties.generalCategory == .spaceSeparator }
  /// A mark that has no width and no meaning in a cell.
  fileprivate var isInvisible: Bool { self == "\u{FEFF}" || self == "\u{200B}" || self == "\u{200E}" }
  /// Whether it is a minus or a plus sign; `nil` for anything else.
  fileprivate var sign: Bool? {
    switch self {
    case "-", "\u{2212}", "\u{FE63}", "\u{FF0D}": true
    case "+": false
    default: nil
    }
  }
}

extension String {
  /// The text without the spaces of any kind at its ends.
  package func trimmingAllSpaces() -> String {
    // Nearly every text begins and ends with something else.
    guard let first = unicodeScalars.first, let last = unicodeScalars.last, first.isSpace || last.isSpace else {
      return self
    }
    var scalars = unicodeScalars[...]
    while scalars.first?.isSpace == true { scalars.removeFirst() }
    while scalars.last?.isSpace == true { scalars.removeLast() }
    return String(scalars)
  }
}
