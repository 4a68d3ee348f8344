// SPDX-License-Identifier: Apache-2.0
//
// ProtobufWriter: messages of Protocol Buffers, field by field.
//
// A message is a row of fields, each with its number and a wire type that says how its value ends. What a field is called,
// and what it means, stands in a schema that both sides know; a writer of a few messages needs no more than their numbers.
//
// Before    Binary/NPY.swift     After    ProtobufReader.swift
// Source    protobuf.dev, "Encoding"

/// Writes the fields of a message.
///
///     var event = ProtobufWriter()
///     event.write(1, double: 1764158400)
///     event.message(5) { summary in
///       summary.write(1, string: "loss")
///     }
///
/// A field is written even if its value is 0: a reader takes an absent one as 0, and proto3 leaves the choice.
public struct ProtobufWriter: Sendable {
  /// What was written.
  public private(set) var bytes: [UInt8] = []

  /// A message without fields.
  public init() {}

  private enum WireType: UInt64 {
    case varint = 0
    case fixed64 = 1
    case delimited = 2
    case fixed32 = 5
  }

  /// Writes an unsigned integer: 7 bits in a byte, the lowest first.
  ///
  /// - Parameters:
  ///   - field: The number of the field, from 1.
  ///   - value: The value, of type `uint32`, `uint64` or an enumeration.
  public mutating func write(_ field: Int, unsigned value: UInt64) {
    key(field, .varint)
    varint(value)
  }

  /// Writes a signed integer of type `int32` or `int64`: a negative one takes ten bytes.
  public mutating func write(_ field: Int, signed value: Int64) { write(field, unsigned: UInt64(bitPattern: value)) }

  /// Writes a Boolean value.
  public mutating func write(_ field: Int, bool value: Bool) { write(field, unsigned: value ? 1 : 0) }

  /// Writes four bytes, the lowest first: types `fixed32` and `sfixed32`.
  public mutating func write(_ field: Int, fixed32 value: UInt32) {
    key(field, .fixed32)
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  /// Writes eight bytes, the lowest first: types `fixed64` and `sfixed64`.
  public mutating func write(_ field: Int, fixed64 value: UInt64) {
    key(field, .fixed64)
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  /// Writes a number of type `float`.
  public mutating func write(_ field: Int, float value: Float) { write(field, fixed32: value.bitPattern) }

  /// Writes a number of type `double`.
  public mutating func write(_ field: Int, double value: Double) { write(field, fixed64: value.bitPattern) }

  /// Writes a field of type `bytes`.
  public mutating func write(_ field: Int, bytes value: some Collection<UInt8>) {
    key(field, .delimited)
    varint(UInt64(value.count))
    bytes += value
  }

  /// Writes a text, as UTF-8.
  public mutating func write(_ field: Int, string value: String) { write(field, bytes: value.utf8) }

  /// Writes a message within this one.
  ///
  /// - Parameters:
  ///   - field: The number of the field, from 1.
  ///   - body: Writes the fields of the inner message.
  public mutating func message(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    body(&inner)
    write(field, bytes: inner.bytes)
  }

  private mutating func key(_ field: Int, _ type: WireType) { varint(UInt64(field) << 3 | type.rawValue) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
