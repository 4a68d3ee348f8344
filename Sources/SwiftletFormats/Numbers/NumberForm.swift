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
    guard areGroups(groups) else { return nil }
    if position < digits.count, digits[position] == decimal.rawValue.utf8.first {
      plain.append(UInt8(ascii: "."))
      plain += digits[(position + 1)...]
    } else {
      plain += digits[position...]
    }
    let magnitude = plain.withUnsafeBufferPointer { parseNumber($0) }
    return magnitude.flatMap { $0.isFinite ? (text.isNegative ? -$0 : $0) : nil }
  }

  /// Whether digits stand in groups as people write them: 1,234,567, or 12,34,567 in India.
  private func areGroups(_ sizes: [Int]) -> Bool {
    guard sizes.count > 1 else { return true }
    let isIndian = thousands == .comma && sizes.count > 2 && sizes[0] <= 2
    let middle = sizes.dropFirst().dropLast()
    return (1...3).contains(sizes[0]) && sizes.last == 3
      && (middle.allSatisfy { $0 == 3 } || isIndian && middle.allSatisfy { $0 == 2 })
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
    // A sign and a currency may stand in any order: -$5, $-5, USD 5; an account writes (5) for -5.
    while let first = scalars.first {
      if isNegative == nil, let sign = first.sign {
        isNegative = sign
        scalars.removeFirst()
      } else if isNegative == nil, first == "(", scalars.last == ")", scalars.count > 2 {
        isNegative = true
        scalars = scalars.dropFirst().dropLast()
      } else if unit.isEmpty, let currency = NumberWithUnit.currency(sign: first, scalars.prefix(3)) {
        unit = currency
        scalars = scalars.dropFirst(currency.unicodeScalars.count)
      } else {
        break
      }
      NumberWithUnit.trim(&scalars)
    }
    // The same behind the digits: 5 EUR, 120%, 5-.
    while let last = scalars.last {
      if isNegative == nil, scalars.count > 1, last.sign == true {
        isNegative = true
        scalars.removeLast()
      } else if unit.isEmpty, last == "%" {
        unit = "%"
        scalars.removeLast()
      } else if unit.isEmpty, let currency = NumberWithUnit.currency(sign: last, scalars.suffix(3)) {
        unit = currency
        scalars = scalars.dropLast(currency.unicodeScalars.count)
      } else {
        break
      }
      NumberWithUnit.trim(&scalars)
    }
    guard let digits = NumberWithUnit.digits(of: scalars) else { return nil }
    self.isNegative = isNegative ?? false
    self.unit = unit
    self.digits = digits
  }

  /// Digits and the signs between them; `nil` where there is anything else.
  private static func digits(of scalars: ArraySlice<Unicode.Scalar>) -> [UInt8]? {
    guard let first = scalars.first, first.digit != nil || first == "." || first == ",", scalars.count <= 400 else {
      return nil
    }
    var digits: [UInt8] = []
    for scalar in scalars {
      switch scalar {
      case "\u{2019}": digits.append(UInt8(ascii: "'"))
      case "\u{2212}": digits.append(UInt8(ascii: "-"))  // of an exponent
      case "0"..."9", ".", ",", "'", "e", "E", "-", "+": digits.append(UInt8(truncatingIfNeeded: scalar.value))
      default:
        guard let digit = scalar.digit ?? (scalar.isSpace ? UInt8(ascii: " ") : nil) else { return nil }
        digits.append(digit)
      }
    }
    return digits.contains { $0 &- 48 < 10 } ? digits : nil
  }

  /// The currency at one end: a sign, or three letters.
  private static func currency(sign: Unicode.Scalar, _ letters: ArraySlice<Unicode.Scalar>) -> String? {
    if sign.properties.generalCategory == .currencySymbol { return String(sign) }
    let code = String(String.UnicodeScalarView(letters))
    return codes.contains(code) ? code : nil
  }

  /// The codes of ISO 4217 for the currencies that are traded most.
  private static let codes: Set<String> = [
    "USD", "EUR", "JPY", "GBP", "CNY", "AUD", "CAD", "CHF", "HKD", "SGD", "SEK", "KRW", "NOK", "NZD", "INR", "MXN",
    "TWD",
    "ZAR", "BRL", "DKK", "PLN", "THB", "ILS", "IDR", "CZK", "AED", "TRY", "HUF", "CLP", "SAR", "PHP", "MYR", "COP",
    "RUB",
    "RON", "PEN", "UAH", "NGN", "EGP", "KES", "VND", "PKR", "BDT", "ARS",
  ]

  private static func trim(_ scalars: inout ArraySlice<Unicode.Scalar>) {
    while scalars.first?.isSpace == true { scalars.removeFirst() }
    while scalars.last?.isSpace == true { scalars.removeLast() }
  }
}

extension Unicode.Scalar {
  /// The digit that it is in any script, as ASCII.
  fileprivate var digit: UInt8? {
    guard properties.numericType == .decimal, let value = properties.numericValue else { return nil }
    return UInt8(ascii: "0") + UInt8(value)
  }
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
