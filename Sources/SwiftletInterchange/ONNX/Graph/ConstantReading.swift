// SPDX-License-Identifier: Apache-2.0
//
// ConstantReader: from a constant's message to its value.
//
// Before    Shapes.swift     After    Operands.swift
// Source    onnx/onnx.proto, TensorProto: which list holds which type; "External Data"

import Foundation
import SwiftletFormats

/// Makes values of constants.
struct ConstantReader: Sendable {
  /// The folder of the model, in which files of its weights may lie; `nil` if none are read.
  var folder: String?
  /// The most elements of a value.
  var limit: Int
  /// Where what was read is counted.
  var loading: LoadingMemory?

  /// The value of a constant.
  ///
  /// - Throws: ``GraphError`` if it has another number of elements than its shape says.
  func value(of tensor: TensorMessage) throws -> GraphValue {
    let type = try ElementType.named(tensor.type)
    let shape = try tensor.sizes.map { size in
      try Int(exactly: size).orThrow(GraphError("the constant \(quoted(tensor.name)) has an axis of size \(size)"))
    }
    let count = try elementCount(of: shape, limit: limit)
    let elements = try raw(tensor).map { try decoded($0, type, tensor) } ?? listed(tensor, type)
    guard elements.count == count else {
      throw GraphError(
        "the constant \(quoted(tensor.name)) has \(elements.count) elements, and its shape \(shape) needs \(count)")
    }
    let value = GraphValue(shape, elements, as: type)
    loading?.read(value)
    return value
  }

  /// The bytes of a constant, from the model or from a file beside it; `nil` if its numbers are listed.
  private func raw(_ tensor: TensorMessage) throws -> [UInt8]? {
    guard !tensor.external.isEmpty else { return tensor.raw }
    let entries = Dictionary(tensor.external.map { ($0.key, $0.value) }) { $1 }
    let location = entries["location"] ?? ""
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    guard let folder, !parts.contains(where: { $0.isEmpty || $0 == ".." }) else {
      throw GraphError(
        "the constant \(quoted(tensor.name)) is in another file, \(quoted(location)), which must lie in the model's folder; "
          + "or write the model in one file: torch.onnx.export(…, external_data=False)")
    }
    guard let offset = Int(entries["offset"] ?? "0"), offset >= 0, let length = Int(entries["length"] ?? "-1") else {
      throw GraphError("the constant \(quoted(tensor.name)) has no valid place in \(quoted(location))")
    }
    return try bytes(of: folder + "/" + location, from: offset, length: length, for: tensor.name)
  }

  /// Some of a file's bytes. The file is the model's own only if no link leads out of its folder.
  private func bytes(of path: String, from offset: Int, length: Int, for name: String) throws -> [UInt8] {
    let home = URL(fileURLWithPath: folder ?? ".").resolvingSymlinksInPath().path
    let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard file.hasPrefix(home + "/"), let handle = FileHandle(forReadingAtPath: file),
      let end = try? handle.seekToEnd()
    else { throw GraphError("the file \(quoted(path)) with the constant \(quoted(name)) is missing") }
    defer { try? handle.close() }
    let available = Int(clamping: end) - offset
    let count = length < 0 ? available : length
    guard available >= 0, count <= available, count <= 8 * limit, (try? handle.seek(toOffset: UInt64(offset))) != nil,
      let data = try? handle.read(upToCount: count) ?? Data(), data.count == count
    else { throw GraphError("the file \(quoted(path)) is too short for the constant \(quoted(name))") }
    return Array(data)
  }

  private func decoded(_ raw: [UInt8], _ type: ElementType, _ tensor: TensorMessage) throws -> Elements {
    guard let width = type.width, raw.count % width == 0 else {
      throw GraphError(
        "the constant \(quoted(tensor.name)) has \(raw.count) bytes, which is not a whole number of \(type) values")
    }
    return raw.withUnsafeBytes { raw in
      func whole<Number: FixedWidthInteger>(_ number: Number.Type) -> Elements {
        .integer(littleEndian(raw, as: number).map { Int64(truncatingIfNeeded: $0) })
      }
      return switch type {
      case .float: .single(littleEndian(raw, as: UInt32.self).map { Float(bitPattern: $0) })
      case .double: .double(littleEndian(raw, as: UInt64.self).map { Double(bitPattern: $0) })
      case .float16: .single(littleEndian(raw, as: UInt16.self).map { float(half: $0) })
      case .bfloat16: .single(littleEndian(raw, as: UInt16.self).map { Float(bitPattern: UInt32($0) << 16) })
      case .uint8: whole(UInt8.self)
      case .int8: whole(Int8.self)
      case .uint16: whole(UInt16.self)
      case .int16: whole(Int16.self)
      case .uint32: whole(UInt32.self)
      case .int32: whole(Int32.self)
      case .int64, .uint64: whole(Int64.self)
      case .bool: .bool(raw.map { $0 != 0 })
      case .text: .text([])
      }
    }
  }

  private func listed(_ tensor: TensorMessage, _ type: ElementType) -> Elements {
    func bits(_ value: Int64) -> UInt16 { UInt16(truncatingIfNeeded: value) }
    return switch type {
    case .float: .single(tensor.floats)
    case .double: .double(tensor.doubles)
    case .float16: .single(tensor.integers.map { float(half: bits($0)) })
    case .bfloat16: .single(tensor.integers.map { Float(bitPattern: UInt32(bits($0)) << 16) })
    case .bool: .bool(tensor.integers.map { $0 != 0 })
    case .text: .text(tensor.texts)
    default: .integer(tensor.integers.map(type.wrapped))
    }
  }
}
