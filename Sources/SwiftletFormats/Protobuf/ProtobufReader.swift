// SPDX-License-Identifier: Apache-2.0
//
// Protobuf, read: a message is a list of numbered fields.
//
//     key      varint: field number · 8 + wire type
//     value    0 a varint · 1 eight bytes · 2 a length and that many bytes · 5 four bytes
//
// A message within a message is a field of wire type 2, so a length can promise anything. Each is compared with what is
// there before a byte is taken, and nothing is reserved because a file says that it will be needed. Groups, the wire
// types 3 and 4, are older than every format that is read here.
//
// Before    ProtobufWriter.swift     After    -
// Source    protobuf.dev, "Encoding"

/// An error in the bytes of a message: a sentence.
package struct ProtobufError: Error, Equatable {
  package let message: String

  package init(message: String) { self.message = message }
}

/// One field of a message. Its bytes belong to the reader's memory.
package struct ProtobufField {
  package enum Payload {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    case bytes(UnsafeRawBufferPointer)
  }

  package let number: Int
  package let payload: Payload
  /// How many messages are around the one that holds the field.
  fileprivate let depth: Int
}

/// Reads the fields of a message, in their order.
package struct ProtobufReader {
  /// The most messages within each other. Those of a model need seven.
  package static let depthLimit = 16

  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private let depth: Int

  /// A reader of memory that outlives it and its fields.
  package init(_ bytes: UnsafeRawBufferPointer, depth: Int = 0) throws {
    guard depth <= Self.depthLimit else {
      throw ProtobufError(message: "messages stand within each other more than \(Self.depthLimit) deep")
    }
    self.bytes = bytes
    self.depth = depth
  }

  /// Whether every byte was read.
  package var isAtEnd: Bool { position == bytes.count }

  /// The next field; `nil` at the end.
  package mutating func next() throws -> ProtobufField? {
    guard !isAtEnd else { return nil }
    let key = try varint()
    guard key >> 3 > 0, key <= UInt64(UInt32.max) else { throw ProtobufError(message: "a field has no valid number") }
    let payload: ProtobufField.Payload =
      switch key & 7 {
      case 0: .varint(try varint())
      case 1: .fixed64(UInt64(littleEndian: try take(8).loadUnaligned(as: UInt64.self)))
      case 2: .bytes(try take(try length()))
      case 5: .fixed32(UInt32(littleEndian: try take(4).loadUnaligned(as: UInt32.self)))
      default: throw ProtobufError(message: "a field has the wire type \(key & 7)")
      }
    return ProtobufField(number: Int(key >> 3), payload: payload, depth: depth)
  }

  /// A number of one to ten bytes, seven bits in each, the lowest first.
  package mutating func varint() throws -> UInt64 {
    var value: UInt64 = 0
    for shift: UInt64 in stride(from: 0, to: 70, by: 7) {
      guard position < bytes.count else { throw ProtobufError(message: "it ends within a number") }
      let byte = bytes[position]
      position += 1  // a byte of the number
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw ProtobufError(message: "a number has more than ten bytes")
  }

  private mutating func length() throws -> Int {
    let length = try varint()
    guard length <= UInt64(bytes.count - position) else {
      throw ProtobufError(message: "a field announces \(length) bytes and \(bytes.count - position) are left")
    }
    return Int(length)
  }

  private mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
    guard count <= bytes.count - position else { throw ProtobufError(message: "it ends within a field") }
    defer { position += count }  // the value
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }
}

// MARK: - What a field holds

extension ProtobufField {
  private func mismatch(_ expected: String) -> ProtobufError {
    ProtobufError(message: "field \(number) should hold \(expected)")
  }

  package var integer: Int64 {
    get throws {
      guard case .varint(let value) = payload else { throw mismatch("a whole number") }
      return Int64(bitPattern: value)
    }
  }

  package var float: Float {
    get throws {
      guard case .fixed32(let bits) = payload else { throw mismatch("a number of 32 bits") }
      return Float(bitPattern: bits)
    }
  }

  package var bytes: UnsafeRawBufferPointer {
    get throws {
      guard case .bytes(let bytes) = payload else { throw mismatch("bytes") }
      return bytes
    }
  }

  /// Text; bytes that are not UTF-8 become the replacement character.
  package var text: String { get throws { String(decoding: try bytes, as: UTF8.self) } }

  /// Text, where only UTF-8 will do.
  package var exactText: String {
    get throws {
      guard let text = String(validating: try bytes, as: UTF8.self) else { throw mismatch("UTF-8") }
      return text
    }
  }

  /// Whether something is the case.
  package var truth: Bool { get throws { try integer != 0 } }

  package var double: Double {
    get throws {
      guard case .fixed64(let bits) = payload else { throw mismatch("a number of 64 bits") }
      return Double(bitPattern: bits)
    }
  }

  /// A reader of the message that it holds.
  package func reader() throws -> ProtobufReader { try ProtobufReader(try bytes, depth: depth + 1) }

  /// Gives a repeated whole number to `take`: alone, or each of many packed ones.
  package func integers(_ take: (Int64) throws -> Void) throws {
    guard case .bytes(let packed) = payload else { return try take(try integer) }
    var reader = try ProtobufReader(packed)
    while !reader.isAtEnd { try take(Int64(bitPattern: try reader.varint())) }
  }

  /// A message.
  package func message<Message: ProtobufMessage>() throws -> Message {
    try Message(reading: try reader())
  }

  /// Appends a repeated whole number: alone, or many packed ones.
  package func append(to values: inout [Int64]) throws {
    try integers { values.append($0) }
  }

  /// Appends a repeated number of 32 bits: alone, or many packed ones.
  package func append(to values: inout [Float]) throws {
    guard case .bytes(let packed) = payload else { return values.append(try float) }
    guard packed.count % 4 == 0 else { throw mismatch("numbers of 32 bits") }
    values += littleEndian(packed, as: UInt32.self).map { Float(bitPattern: $0) }
  }

  /// Appends a repeated number of 64 bits: alone, or many packed ones.
  package func append(to values: inout [Double]) throws {
    switch payload {
    case .fixed64(let bits): values.append(Double(bitPattern: bits))
    case .bytes(let packed) where packed.count % 8 == 0:
      values += littleEndian(packed, as: UInt64.self).map { Double(bitPattern: $0) }
    default: throw mismatch("numbers of 64 bits")
    }
  }
}

/// A message that takes its fields one by one, and ignores those that it does not know.
package protocol ProtobufMessage {
  init()
  mutating func take(_ field: ProtobufField) throws
}

extension ProtobufMessage {
  /// Reads every field of a message.
  package init(reading reader: ProtobufReader) throws {
    var reader = reader
    self.init()
    while let field = try reader.next() { try take(field) }
  }
}

/// The numbers that lie in some bytes, lowest byte first. What is left over is not looked at.
package func littleEndian<Number: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, as type: Number.Type) -> [Number]
{
  let width = MemoryLayout<Number>.size
  // In bounds: the last one begins a width before the end, or earlier.
  return (0..<bytes.count / width).map {
    Number(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * width, as: Number.self))
  }
}
