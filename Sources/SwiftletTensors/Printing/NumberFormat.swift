// SPDX-License-Identifier: Apache-2.0
//
// The number format that a whole tensor shares.
//
// Before    Description.swift     After    -
// Source    NumPy, numpy/_core/arrayprint.py, class FloatingFormat: when to use exponents, how to pad

/// Decimal digits and a point: the shortest that name a Float and no other.
private struct Decimal {
  var isNegative: Bool
  var digits: [UInt8]
  /// The value is 0.d₁d₂d₃… · 10^exponent.
  var exponent: Int

  init(_ value: Float) {
    isNegative = value.sign == .minus
    let text = abs(value).description  // such as 0.1, 16777216.0, 1e-05
    let parts = text.split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    let whole = mantissa[0]
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    digits = (whole + fraction).utf8.map { $0 - 48 }
    exponent = whole.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    let leading = digits.prefix { $0 == 0 }.count
    digits.removeFirst(leading)
    exponent -= leading
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { exponent = 1 }
  }

  /// The same rounded to `count` digits, half to even.
  func rounded(to count: Int) -> Decimal {
    guard count < digits.count, count >= 0 else { return self }
    var result = self
    let rest = digits[count...]
    result.digits = Array(digits[..<count])
    let isHalf = rest.first == 5 && rest.dropFirst().allSatisfy { $0 == 0 }
    let roundsUp = isHalf ? (result.digits.last ?? 0) % 2 == 1 : (rest.first ?? 0) >= 5
    if roundsUp {
      var i = count - 1
      while i >= 0, result.digits[i] == 9 {
        result.digits[i] = 0
        i -= 1
      }
      if i >= 0 {
        result.digits[i] += 1
      } else {
        result.digits = [1] + result.digits
        result.exponent = exponent + 1
      }
    }
    while result.digits.last == 0 { result.digits.removeLast() }
    return result
  }

  /// The parts before and after the point, with at most `precision` digits after it.
  func positional(precision: Int) -> (whole: String, fraction: String) {
    let value = rounded(to: exponent + precision)
    let digits = value.digits.map { Character(UnicodeScalar(48 + $0)) }
    let sign = isNegative ? "-" : ""
    guard value.exponent > 0, !digits.isEmpty else {
      return (sign + "0", digits.isEmpty ? "" : String(repeating: "0", count: -value.exponent) + digits)
    }
    let whole = digits.prefix(value.exponent) + Array(repeating: "0", count: max(0, value.exponent - digits.count))
    return (sign + whole, String(digits.dropFirst(value.exponent)))
  }
}

/// How the numbers of one tensor are written, so that their columns line up.
struct NumberFormat {
  private static let precision = 8
  private let usesExponent: Bool
  private let wholeWidth: Int
  private let fractionWidth: Int
  private let exponentWidth: Int
  private let minimumWidth: Int

  /// The format for the numbers that will be shown.
  init(for shown: [Float]) {
    let finite = shown.filter(\.isFinite)
    let sizes = finite.map { Swift.abs($0) }.filter { $0 > 0 }
    let largest = sizes.max() ?? 0
    let smallest = sizes.min() ?? 1
    usesExponent = largest >= 1e8 || smallest < 1e-4 || largest / smallest > 1000
    if usesExponent {
      let parts = finite.map { NumberFormat.scientific($0, fractionWidth: nil) }
      wholeWidth = parts.map(\.whole.count).max() ?? 1
      fractionWidth = parts.map(\.fraction.count).max() ?? 0
      exponentWidth = parts.map(\.exponent.count).max() ?? 0
    } else {
      let parts = finite.map { Decimal($0).positional(precision: NumberFormat.precision) }
      wholeWidth = parts.map(\.whole.count).max() ?? 1
      fractionWidth = parts.map(\.fraction.count).max() ?? 0
      exponentWidth = 0
    }
    // A column of "nan" or "-inf" must fit too.
    let width = shown.filter { !$0.isFinite }.map { NumberFormat.special($0).count }.max() ?? 0
    minimumWidth = finite.isEmpty ? width : Swift.max(width, wholeWidth + 1 + fractionWidth + exponentWidth)
  }

  /// One number, padded to the width of its column.
  func text(_ value: Float) -> String {
    guard value.isFinite else { return padded(NumberFormat.special(value), left: minimumWidth) }
    guard !usesExponent else {
      let parts = NumberFormat.scientific(value, fractionWidth: fractionWidth)
      return padded(padded(parts.whole, left: wholeWidth) + "." + parts.fraction + parts.exponent, left: minimumWidth)
    }
    let parts = Decimal(value).positional(precision: NumberFormat.precision)
    let fraction = parts.fraction + String(repeating: " ", count: Swift.max(0, fractionWidth - parts.fraction.count))
    return padded(padded(parts.whole, left: wholeWidth) + "." + fraction, left: minimumWidth)
  }

  /// A number that stands alone: 7.0 and not "7.".
  func trimmed(_ value: Float) -> String { value.description }

  private func padded(_ text: String, left width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - text.count)) + text
  }

  private static func special(_ value: Float) -> String { value.isNaN ? "nan" : value > 0 ? "inf" : "-inf" }

  private static func scientific(_ value: Float, fractionWidth: Int?) -> (
    whole: String, fraction: String, exponent: String
  ) {
    let decimal = Decimal(value).rounded(to: precision + 1)
    let digits = decimal.digits.map { Character(UnicodeScalar(48 + $0)) }
    let exponent = digits.isEmpty ? 0 : decimal.exponent - 1
    let fraction = String(digits.dropFirst())
    let zeros = String(repeating: "0", count: Swift.max(0, (fractionWidth ?? 0) - fraction.count))
    let size = String(Swift.abs(exponent))
    return (
      (decimal.isNegative ? "-" : "") + String(digits.first ?? "0"), fraction + zeros,
      "e" + (exponent < 0 ? "-" : "+") + (size.count < 2 ? "0" + size : size)
    )
  }
}
