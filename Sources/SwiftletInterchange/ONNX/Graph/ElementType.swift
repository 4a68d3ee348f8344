// SPDX-License-Identifier: Apache-2.0
//
// ElementType: what the elements of a value are.
//
// Sixteen types of ONNX are kept in five kinds of arrays: numbers of 16 bits are computed in 32, and whole numbers of every
// width in 64. A result is brought back to its type by `wrapped` and `rounded`, so that it is what the narrow type would hold.
//
// Before    GraphError.swift     After    GraphValue.swift
// Source    onnx/onnx.proto, TensorProto.DataType

import SwiftletFormats

/// The type of a value's elements, by the numbers of the format.
enum ElementType: Int64, Sendable {
  case float = 1
  case uint8 = 2
  case int8 = 3
  case uint16 = 4
  case int16 = 5
  case int32 = 6
  case int64 = 7
  case text = 8
  case bool = 9
  case float16 = 10
  case double = 11
  case uint32 = 12
  case uint64 = 13
  case bfloat16 = 16

  /// The type with a number of the format.
  static func named(_ number: Int64) throws -> ElementType {
    guard let type = ElementType(rawValue: number) else {
      throw GraphError("elements of the type \(name(of: number)) are not supported")
    }
    return type
  }

  private static func name(of number: Int64) -> String {
    let names: [Int64: String] = [
      0: "undefined", 14: "complex64", 15: "complex128", 17: "float8e4m3fn", 18: "float8e4m3fnuz", 19: "float8e5m2",
      20: "float8e5m2fnuz", 21: "uint4", 22: "int4", 23: "float4e2m1",
    ]
    return names[number] ?? "number \(number)"
  }

  /// Bytes of an element where they lie one behind the other; `nil` for texts.
  var width: Int? {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .float, .int32, .uint32: 4
    case .double, .int64, .uint64: 8
    case .text: nil
    }
  }

  /// Whether it is kept as numbers of 32 bits.
  var isSingle: Bool { self == .float || self == .float16 || self == .bfloat16 }
  /// Whether it is a number with a fraction.
  var isFloating: Bool { isSingle || self == .double }
  /// Whether it is a whole number.
  var isInteger: Bool { !isFloating && self != .text && self != .bool }

  /// A whole number as this type holds it: its low bits, with the sign that they have there.
  func wrapped(_ value: Int64) -> Int64 {
    switch self {
    case .uint8: Int64(UInt8(truncatingIfNeeded: value))
    case .int8: Int64(Int8(truncatingIfNeeded: value))
    case .uint16: Int64(UInt16(truncatingIfNeeded: value))
    case .int16: Int64(Int16(truncatingIfNeeded: value))
    case .int32: Int64(Int32(truncatingIfNeeded: value))
    case .uint32: Int64(UInt32(truncatingIfNeeded: value))
    default: value
    }
  }

  /// The least and the largest whole number; those of 64 bits for types that are not narrower.
  var range: ClosedRange<Int64> {
    switch self {
    case .uint8: 0...Int64(UInt8.max)
    case .int8: Int64(Int8.min)...Int64(Int8.max)
    case .uint16: 0...Int64(UInt16.max)
    case .int16: Int64(Int16.min)...Int64(Int16.max)
    case .int32: Int64(Int32.min)...Int64(Int32.max)
    case .uint32: 0...Int64(UInt32.max)
    default: Int64.min...Int64.max
    }
  }

  /// A number as this type holds it.
  func rounded(_ value: Float) -> Float {
    switch self {
    case .float16: SwiftletFormats.float(half: halfBits(value))
    case .bfloat16: Float(bitPattern: UInt32(bfloatBits(value)) << 16)
    default: value
    }
  }
}

/// The bits of the nearest number of 16 bits with a fraction of 10; of two equally near ones, the even one.
func halfBits(_ value: Float) -> UInt16 {
  let sign = UInt16(value.bitPattern >> 16 & 0x8000)
  guard !value.isNaN else { return sign | 0x7E00 }
  let magnitude = value.magnitude
  // 65,520 is halfway between the largest number and the next one, which would be 2^16.
  guard magnitude < 65520 else { return sign | 0x7C00 }
  guard magnitude >= 0x1p-14 else { return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven)) }
  let bits = magnitude.bitPattern
  let half = (bits + 0xFFF + (bits >> 13 & 1)) >> 13
  return sign | UInt16(half - (112 << 10))  // the exponents' biases are 127 and 15
}

/// The bits of the nearest number of 16 bits with a fraction of 7; of two equally near ones, the even one.
func bfloatBits(_ value: Float) -> UInt16 {
  guard !value.isNaN else { return 0x7FC0 }
  let bits = value.bitPattern
  return UInt16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
}
