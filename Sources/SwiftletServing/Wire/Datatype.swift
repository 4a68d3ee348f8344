// SPDX-License-Identifier: Apache-2.0
//
// The types of numbers that tensors come in, and how their bytes are read.
//
// Before    ResponseWriter.swift     After    MultipartForm.swift
// Source    Open Inference Protocol, inference_rest.md, "Tensor Data Types"

import NIOCore
import SwiftletFormats

/// A tensor's type.
package enum Datatype: String, Sendable, CaseIterable {
  case bool = "BOOL"
  case uint8 = "UINT8"
  case uint16 = "UINT16"
  case uint32 = "UINT32"
  case uint64 = "UINT64"
  case int8 = "INT8"
  case int16 = "INT16"
  case int32 = "INT32"
  case int64 = "INT64"
  case fp16 = "FP16"
  case fp32 = "FP32"
  case fp64 = "FP64"
  case bf16 = "BF16"
  case bytes = "BYTES"

  /// The type of a name. Comparing the name with each of them costs more than looking it up.
  init?(named name: String) {
    guard let type = Datatype.byName[name] else { return nil }
    self = type
  }

  private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

  /// Number of bytes of a value; `nil` if each has its own length.
  var byteCount: Int? {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .fp16, .bf16: 2
    case .uint32, .int32, .fp32: 4
    case .uint64, .int64, .fp64: 8
    case .bytes: nil
    }
  }

  /// Reads `count` values from the bytes of a tensor, which are little-endian.
  ///
  /// - Precondition: There are `count` times ``byteCount`` bytes; for BYTES, whatever there is.
  func read(_ buffer: inout ByteBuffer, count: Int) throws -> FlatValues {
    switch self {
    case .bool: FlatValues(mixed: integers(&buffer, count, UInt8.self).map { .bool($0 != 0) })
    case .uint8: FlatValues(numbers: integers(&buffer, count, UInt8.self))
    case .uint16: FlatValues(numbers: integers(&buffer, count, UInt16.self))
    case .uint32: FlatValues(numbers: integers(&buffer, count, UInt32.self))
    case .uint64: longIntegers(&buffer, count, UInt64.self)
    case .int8: FlatValues(numbers: integers(&buffer, count, Int8.self))
    case .int16: FlatValues(numbers: integers(&buffer, count, Int16.self))
    case .int32: FlatValues(numbers: integers(&buffer, count, Int32.self))
    case .int64: longIntegers(&buffer, count, Int64.self)
    case .fp16: FlatValues(numbers: floats(&buffer, count, UInt16.self) { Double(float(half: $0)) })
    case .bf16: FlatValues(numbers: floats(&buffer, count, UInt16.self) { Double(Float(bitPattern: UInt32($0) << 16)) })
    case .fp32: FlatValues(numbers: floats(&buffer, count, UInt32.self) { Double(Float(bitPattern: $0)) })
    case .fp64: FlatValues(numbers: floats(&buffer, count, UInt64.self) { Double(bitPattern: $0) })
    case .bytes: FlatValues(mixed: try texts(&buffer, count: count))
    }
  }

  private func integers<Number: FixedWidthInteger>(_ buffer: inout ByteBuffer, _ count: Int, _: Number.Type) -> [Double]
  {
    floats(&buffer, count, Number.self) { Double($0) }
  }

  /// Whole numbers of 64 bits; those that a Double may not hold as their text, as JSON's are.
  private func longIntegers<Number: FixedWidthInteger>(_ buffer: inout ByteBuffer, _ count: Int, _: Number.Type)
    -> FlatValues
  {
    let numbers = floats(&buffer, count, Number.self) { $0 }
    let isShort = numbers.allSatisfy { $0.magnitude < 1 << 53 }
    return isShort
      ? FlatValues(numbers: numbers.map { Double($0) })
      : FlatValues(mixed: numbers.map { $0.magnitude < 1 << 53 ? .number(Double($0)) : .string(String($0)) })
  }

  private func floats<Bits: FixedWidthInteger, Value>(
    _ buffer: inout ByteBuffer, _ count: Int, _: Bits.Type, _ value: (Bits) -> Value
  ) -> [Value] {
    let size = Bits.bitWidth / 8
    let numbers = buffer.withUnsafeReadableBytes { bytes in
      // In bounds: no more values are read than there are whole ones.
      (0..<min(count, bytes.count / size)).map { i in
        value(Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: i * size, as: Bits.self)))
      }
    }
    buffer.moveReaderIndex(forwardBy: numbers.count * size)
    return numbers
  }

  /// Each text is its length in four bytes, and itself.
  private func texts(_ buffer: inout ByteBuffer, count: Int) throws -> [JSONValue] {
    var texts: [JSONValue] = []
    while texts.count < count, buffer.readableBytes > 0 {
      guard let length = buffer.readInteger(endianness: .little, as: UInt32.self),
        let bytes = buffer.readBytes(length: Int(length))
      else { throw RequestError.bad("A BYTES tensor ends in the middle of an element.") }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw RequestError.bad("A BYTES tensor holds an element that is not UTF-8.")
      }
      texts.append(.string(text))
    }
    return texts
  }
}
