// SPDX-License-Identifier: Apache-2.0
//
// Decimal: from a whole number and a power of ten to the nearest Double.
//
// Nearly every number in a table or a request has few digits: then they are a whole number below 2⁵³, the power of ten
// is exact too, and one multiplication or division rounds correctly. Numbers written to the last digit have 16 or 17:
// then one long division gives more bits than a Double has, and its remainder decides the rounding. The others go to
// the C library.
//
// Before    CSV/CSVWriter.swift     After    NumberText.swift
// Source    Clinger, "How to Read Floating Point Numbers Accurately" (1990), the fast path and the quotient

/// 10⁰ to 10²², the powers of ten that a Double holds exactly. Written out, they need no set-up when the program runs.
package let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]
/// 5⁰ to 5²⁷, those that 64 bits hold.
private let powersOfFive: [UInt64] = [
  1, 5, 25, 125, 625, 3_125, 15_625, 78_125, 390_625, 1_953_125, 9_765_625, 48_828_125, 244_140_625, 1_220_703_125,
  6_103_515_625, 30_517_578_125, 152_587_890_625, 762_939_453_125, 3_814_697_265_625, 19_073_486_328_125,
  95_367_431_640_625, 476_837_158_203_125, 2_384_185_791_015_625, 11_920_928_955_078_125, 59_604_644_775_390_625,
  298_023_223_876_953_125, 1_490_116_119_384_765_625, 7_450_580_596_923_828_125,
]

/// `mantissa · 10ᵏ`, correctly rounded; `nil` if that takes more than one operation.
///
/// - Parameter digitCount: Number of digits of the mantissa; more than 19 do not fit into it.
@inline(__always)
func decimal(_ mantissa: UInt64, digitCount: Int, exponent k: Int) -> Double? {
  if digitCount <= 15, k >= -22, k <= 22 {
    let whole = Double(mantissa)
    return k < 0 ? whole / powersOfTen[-k] : whole * powersOfTen[k]
  }
  return digitCount <= 19 && k < 0 && k >= -27 ? quotient(mantissa, tenToThe: -k) : nil
}

/// `mantissa / 10ᵏ`, correctly rounded. No result is subnormal: the smallest is 10⁻²⁷.
///
/// - Parameter k: From 0 to 27, so that 5ᵏ has 64 bits at most.
func quotient(_ mantissa: UInt64, tenToThe k: Int) -> Double {
  guard mantissa > 0 else { return 0 }
  return quotient(mantissa, powersOfFive[k]) * Double(bitPattern: UInt64(1023 - k) << 52)  // 2⁻ᵏ: exact
}

/// The Double next to the quotient of two whole numbers, neither of them 0.
///
/// Both are shifted until their first bit is set, so the quotient of 128 by 64 bits has 63 or 64 bits: more than
/// the 53 of a Double, which is rounded to once. What is left over sets the last bit: a quotient just above the
/// middle between two Doubles is not taken for the middle.
func quotient(_ numerator: UInt64, _ denominator: UInt64) -> Double {
  let up = numerator.leadingZeroBitCount
  let down = denominator.leadingZeroBitCount
  let top = numerator << up
  let bottom = denominator << down
  // Half of the top is below 2⁶³ and the bottom is not, so the quotient fits.
  let (quotient, rest) = bottom.dividingFullWidth((top >> 1, top << 63))
  let scale = Double(bitPattern: UInt64(1023 + down - up - 63) << 52)  // a power of two from 2⁻¹²⁶ to 1: exact
  return Double(quotient | (rest == 0 ? 0 : 1)) * scale
}
