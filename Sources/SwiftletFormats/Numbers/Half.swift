// SPDX-License-Identifier: Apache-2.0
//
// Half: numbers of 16 bits, as some files and requests have them.
//
// Before    NumberText.swift     After    NumberForm.swift
// Source    IEEE 754-2019, section 3.4: binary16

/// A half-precision number, by its bits: 1 sign, 5 exponent, 10 fraction.
package func float(half bits: UInt16) -> Float {
  let sign: Float = bits >> 15 == 0 ? 1 : -1
  let exponent = Int(bits >> 10 & 31)
  let fraction = Float(bits & 1023)
  if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
  return exponent == 0
    ? sign * fraction * 0x1p-24
    : sign * (1 + fraction / 1024) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
}
