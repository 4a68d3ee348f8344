// SPDX-License-Identifier: Apache-2.0
//
// CallContents: the values of an input, in the field of their type.
//
//     bool_contents 1, int_contents 2, int64_contents 3, uint_contents 4, uint64_contents 5, fp32_contents 6,
//     fp64_contents 7, bytes_contents 8
//
// Before    CallInput.swift     After    CallOutput.swift
// Source    triton-inference-server/common, protobuf/grpc_service.proto, InferTensorContents

import SwiftletFormats

/// An `InferTensorContents`.
struct CallContents {
  /// The field that the values came in; `nil` if there are none.
  private var field: Int?
  private var values = FlatValues()
  /// The elements of `bytes_contents`.
  private var elements: [[UInt8]] = []
  private let limit: Int

  /// - Parameter before: What came of the same contents: pieces of a message are joined.
  init(_ message: ProtobufField, after before: CallContents?, limit: Int) throws {
    if let before { self = before } else { self.limit = limit }
    var reader = try message.reader()
    while let field = try reader.next() { try take(field) }
  }

  private mutating func take(_ field: ProtobufField) throws {
    guard (1...8).contains(field.number) else { return }
    guard self.field == nil || self.field == field.number else {
      throw RequestError.bad("The contents of an input are of one type, and these are of several.")
    }
    self.field = field.number
    switch field.number {
    case 1: try field.integers { try append(.bool($0 != 0)) }
    case 2: try field.integers { try append(Double(Int32(truncatingIfNeeded: $0))) }
    case 3: try field.integers { try append(whole: $0, $0.magnitude) }
    case 4: try field.integers { try append(Double(UInt32(truncatingIfNeeded: $0))) }
    case 5: try field.integers { try append(whole: UInt64(bitPattern: $0), UInt64(bitPattern: $0)) }
    case 6:
      var numbers: [Float] = []
      try field.append(to: &numbers)
      for number in numbers { try append(Double(number)) }
    case 7:
      var numbers: [Double] = []
      try field.append(to: &numbers)
      for number in numbers { try append(number) }
    default:
      elements.append(Array(try field.bytes))
      try check(elements.count)
    }
  }

  private func check(_ count: Int) throws {
    guard count <= limit else { throw RequestError.bad("The contents of an input are more than \(limit) values.") }
  }

  private mutating func append(_ number: Double) throws {
    values.append(number)
    try check(values.count)
  }

  private mutating func append(_ value: JSONValue) throws {
    values.append(value)
    try check(values.count)
  }

  /// A whole number of 64 bits; one that a Double may not hold as its text, as JSON's are.
  private mutating func append<Number: FixedWidthInteger>(whole number: Number, _ magnitude: UInt64) throws {
    try append(magnitude < 1 << 53 ? .number(Double(number)) : .string(String(number)))
  }

  /// Gives a tensor its values, or its pictures.
  ///
  /// - Throws: ``RequestError`` 400 for values of another type than the tensor's.
  func give(to tensor: inout InputTensor) throws {
    guard let field else { return }
    guard field == tensor.datatype.contents?.field else {
      let right = tensor.datatype.contents?.name ?? "raw_input_contents"
      throw RequestError.bad(
        "The input \(quoted(tensor.name)) is of datatype \(tensor.datatype.rawValue), whose values come in \(right).")
    }
    guard tensor.datatype == .bytes else {
      tensor.values = values
      return
    }
    if let first = elements.first, Picture.begins(first) {
      let count = try tensor.elementCount(limit: limit)
      guard elements.count == count else {
        throw RequestError.bad(
          "The input \(quoted(tensor.name)) of shape \(spelled(tensor.shape)) has \(count) elements, but \(elements.count) "
            + "came.")
      }
      tensor.pictures = elements
      tensor.values = FlatValues()
      tensor.binarySize = elements.reduce(0) { $0 + $1.count }
      return
    }
    tensor.values = FlatValues(
      mixed: try elements.map { element in
        guard let text = String(validating: element, as: UTF8.self) else {
          throw RequestError.bad("A BYTES tensor holds an element that is not UTF-8.")
        }
        return .string(text)
      })
  }
}

extension Datatype {
  /// The field of `InferTensorContents` for values of this type; `nil` if they come as bytes alone.
  var contents: (field: Int, name: String)? {
    switch self {
    case .bool: (1, "bool_contents")
    case .int8, .int16, .int32: (2, "int_contents")
    case .int64: (3, "int64_contents")
    case .uint8, .uint16, .uint32: (4, "uint_contents")
    case .uint64: (5, "uint64_contents")
    case .fp32: (6, "fp32_contents")
    case .fp64: (7, "fp64_contents")
    case .bytes: (8, "bytes_contents")
    case .fp16, .bf16: nil
    }
  }
}
