// SPDX-License-Identifier: Apache-2.0
//
// Safetensors: named tensors in a file that cannot run code.
//
//     8 bytes   length of the header, little-endian
//     header    JSON: {"0.weight": {"dtype": "F32", "shape": [3, 4], "data_offsets": [0, 48]}, …}
//     data      the tensors' bytes, row-major, little-endian, without gaps
//
// A file can contain anything, so every number is checked before a byte is used: names,
// types, shapes whose product overflows, ranges that overlap, leave gaps or end outside.
//
// Before    IDX.swift     After    ZipArchive.swift
// Source    huggingface/safetensors, README, part Format

import Foundation
import SwiftletTensors

/// Named tensors, and texts about them.
public struct Safetensors: Sendable, Equatable {
  /// The tensors in the order of the file.
  public var tensors: [(name: String, tensor: Tensor)]
  /// Texts about the file.
  public var metadata: [(name: String, text: String)]

  /// Tensors and texts to write.
  public init(tensors: [(name: String, tensor: Tensor)], metadata: [(name: String, text: String)] = []) {
    self.tensors = tensors
    self.metadata = metadata
  }

  public static func == (a: Safetensors, b: Safetensors) -> Bool {
    a.tensors.elementsEqual(b.tensors) { $0 == $1 } && a.metadata.elementsEqual(b.metadata) { $0 == $1 }
  }

  /// The tensor with a name, or `nil`.
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name }?.tensor }

  private static let headerLimit = 100_000_000  // as the reference implementation's

  /// The types of numbers, by the names of the format.
  private enum ScalarType: String {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"

    /// Bytes of one number.
    var width: Int {
      switch self {
      case .float64: 8
      case .float32: 4
      case .float16, .bfloat16: 2
      }
    }
  }

  /// The entry of a header for one tensor.
  private struct Entry {
    let name: String
    let type: ScalarType
    let sizes: [Int]
    let begin: Int
    let end: Int
  }

  /// Reads a file's bytes. Types other than F32 are converted to it.
  ///
  /// - Throws: ``FormatError`` for everything that the format forbids.
  public static func decode(_ bytes: [UInt8], name: String) throws -> Safetensors {
    func error(_ message: String) -> FormatError { FormatError(name, "not a valid safetensors file: " + message) }
    guard bytes.count >= 8 else { throw error("it has \(bytes.count) bytes, and the header's length alone takes 8.") }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(headerLimit), length <= UInt64(bytes.count - 8) else {
      throw error("it announces a header of \(length) bytes and has \(bytes.count - 8).")
    }
    let dataStart = 8 + Int(length)  // length of the header's length, and the header
    let header = bytes[8..<dataStart]
    guard header.first == UInt8(ascii: "{") else { throw error("the header does not begin with {.") }
    guard case .object(let members) = try JSONValue.parse(header, name: name, depthLimit: 8) else {
      throw error("the header is not an object.")
    }

    var entries: [Entry] = []
    var metadata: [(name: String, text: String)] = []
    for member in members {
      if member.name == "__metadata__" {
        guard let pairs = member.value.members else { throw error("__metadata__ is not an object.") }
        metadata = try pairs.map { pair in
          guard let text = pair.value.string else {
            throw error("__metadata__ holds \(quoted(pair.name)), which is not text.")
          }
          return (pair.name, text)
        }
        continue
      }
      entries.append(try entry(member, error))
    }
    entries.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    var position = 0
    for entry in entries {
      guard entry.begin == position else {
        throw error(
          "the tensor \(quoted(entry.name)) begins at \(entry.begin), where \(position) is expected: tensors overlap or leave a gap."
        )
      }
      position = entry.end
    }
    guard position == bytes.count - dataStart else {
      throw error("its tensors take \(position) bytes and there are \(bytes.count - dataStart).")
    }
    let tensors = entries.map { entry in
      (entry.name, tensor(entry, bytes[(dataStart + entry.begin)..<(dataStart + entry.end)]))
    }
    return Safetensors(tensors: tensors, metadata: metadata)
  }

  /// Checks the header's entry for one tensor.
  private static func entry(_ member: JSONValue.Member, _ error: (String) -> FormatError) throws -> Entry {
    let name = member.name
    guard let members = member.value.members, Set(members.map(\.name)) == ["dtype", "shape", "data_offsets"] else {
      throw error("the tensor \(quoted(name)) needs dtype, shape and data_offsets, and nothing else.")
    }
    guard let type = member.value["dtype"]?.string.flatMap(ScalarType.init) else {
      throw error("the tensor \(quoted(name)) has a type that is not supported; use F32, F64, F16 or BF16.")
    }
    guard let shape = member.value["shape"]?.array, case let sizes = shape.compactMap(\.integer),
      sizes.count == shape.count,
      let count = Shape.elementCount(of: sizes)
    else { throw error("the tensor \(quoted(name)) has an invalid shape.") }
    guard let offsets = member.value["data_offsets"]?.array, offsets.count == 2, let begin = offsets[0].integer,
      let end = offsets[1].integer, begin >= 0, end >= begin,
      case let (bytes, overflow) = count.multipliedReportingOverflow(by: type.width),
      !overflow, end - begin == bytes
    else { throw error("the tensor \(quoted(name)) has data_offsets that do not fit its shape and type.") }
    return Entry(name: name, type: type, sizes: sizes, begin: begin, end: end)
  }

  private static func tensor(_ entry: Entry, _ bytes: ArraySlice<UInt8>) -> Tensor {
    Tensor(uninitialized: Shape(entry.sizes)) { target in
      bytes.withUnsafeBytes { bytes in
        switch entry.type {
        case .float32: fill(target, bytes) { (bits: UInt32) in Float(bitPattern: bits) }
        case .float64: fill(target, bytes) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
        case .bfloat16: fill(target, bytes) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
        case .float16: fill(target, bytes) { (bits: UInt16) in float(half: bits) }
        }
      }
    }
  }

  /// Converts one little-endian number after another.
  @inline(__always)
  private static func fill<Bits: FixedWidthInteger>(
    _ target: UnsafeMutableBufferPointer<Float>, _ bytes: UnsafeRawBufferPointer, _ number: (Bits) -> Float
  ) {
    // In bounds: the number of bytes is the product of the shape and the width, checked by `entry`.
    for i in 0..<target.count {
      let bits = bytes.loadUnaligned(fromByteOffset: MemoryLayout<Bits>.size * i, as: Bits.self)
      target[i] = number(Bits(littleEndian: bits))
    }
  }

  /// The bytes of the file: the same for the same tensors, in the order in which they stand.
  public func encoded() -> [UInt8] {
    var members: [JSONValue.Member] = []
    if !metadata.isEmpty {
      members.append(.init("__metadata__", .object(metadata.map { .init($0.name, .string($0.text)) })))
    }
    var data: [UInt8] = []
    for (name, tensor) in tensors {
      let begin = data.count
      tensor.withUnsafeScalars { scalars in
        for scalar in scalars { withUnsafeBytes(of: scalar.bitPattern.littleEndian) { data.append(contentsOf: $0) } }
      }
      members.append(
        .init(
          name,
          [
            "dtype": "F32", "shape": .array(tensor.shape.map { JSONValue($0) }),
            "data_offsets": [JSONValue(begin), JSONValue(data.count)],
          ]))
    }
    var header = Array(JSONValue.object(members).encoded().utf8)
    while header.count % 8 != 0 { header.append(0x20) }  // so that the data begin at a multiple of 8
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return length + header + data
  }
}
