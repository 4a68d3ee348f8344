// SPDX-License-Identifier: Apache-2.0
//
// From a `ModelInferRequest` to the request that every protocol's tensors become.
//
//     model_name 1, model_version 2, id 3, parameters 4, inputs 5, outputs 6, raw_input_contents 7
//
// The fields come in any order, so the bytes of an input may come before the input. They belong, in their order, to the
// inputs that have no values of their own.
//
// Before    InferenceService.swift     After    CallContents.swift
// Source    triton-inference-server/common, protobuf/grpc_service.proto, ModelInferRequest

import NIOCore
import SwiftletFormats

/// A parameter of a request, an input or an output.
struct CallParameter {
  var name = ""
  var value: JSONValue?

  /// An entry of a map: the name is its field 1, the value its field 2, whose only field says of which type it is.
  init(_ field: ProtobufField) throws {
    var entry = try field.reader()
    while let field = try entry.next() {
      switch field.number {
      case 1: name = try field.exactText
      case 2: value = try CallParameter.value(field)
      default: break
      }
    }
  }

  /// The name of an entry, whatever its value is.
  static func name(of field: ProtobufField) throws -> String {
    var name = ""
    var entry = try field.reader()
    while let field = try entry.next() { if field.number == 1 { name = try field.exactText } }
    return name
  }

  private static func value(_ field: ProtobufField) throws -> JSONValue? {
    var value: JSONValue?
    var reader = try field.reader()
    while let field = try reader.next() {
      switch field.number {
      case 1: value = .bool(try field.truth)
      case 2: value = .number(Double(try field.integer))
      case 3: value = .string(String(decoding: try field.bytes, as: UTF8.self))
      case 4: value = .number(try field.double)
      case 5: value = .number(Double(UInt64(bitPattern: try field.integer)))
      default: break
      }
    }
    return value
  }

  /// The same as a member of an object of JSON.
  ///
  /// - Throws: ``RequestError`` 400 for one without a value.
  func member() throws -> JSONValue.Member {
    guard let value else {
      throw RequestError.bad("The parameter \(quoted(name)) must be a text, a number, true or false.")
    }
    return JSONValue.Member(name, value)
  }
}

extension InferRequest {
  /// Reads the message of a call.
  ///
  /// - Parameter valueLimit: The largest number of values in a tensor.
  /// - Returns: The request, and whether its inputs came as bytes.
  static func read(message body: ByteBuffer, valueLimit: Int) throws -> InferRequest {
    var request = InferRequest()
    var blocks: [ByteBuffer] = []
    try body.readMessage { reader in
      while let field = try reader.next() {
        if field.number == 7 {
          blocks.append(ByteBuffer(bytes: try field.bytes))
        } else {
          try request.take(field, valueLimit: valueLimit)
        }
        guard max(request.inputs.count, blocks.count) <= tensorLimit else {
          throw RequestError.bad("A request gives at most \(tensorLimit) inputs.")
        }
      }
    }
    try request.share(blocks, valueLimit: valueLimit)
    return request
  }

  private mutating func take(_ field: ProtobufField, valueLimit: Int) throws {
    switch field.number {
    case 3:
      let text = try field.exactText
      id = text.isEmpty ? nil : text
    case 4: try take([try CallParameter(field).member()])
    case 5: inputs.append(try InputTensor(field, valueLimit: valueLimit))
    case 6:
      guard outputs.count < InferRequest.tensorLimit else {
        throw RequestError.bad("A request asks for at most \(InferRequest.tensorLimit) outputs.")
      }
      outputs.append(try RequestedOutput(field))
    default: break
    }
  }

  /// Gives the inputs without values their bytes.
  private mutating func share(_ blocks: [ByteBuffer], valueLimit: Int) throws {
    guard !inputs.isEmpty else {
      throw RequestError.bad("The request needs inputs: tensors with name, shape, datatype and contents.")
    }
    let empty = inputs.indices.filter { inputs[$0].values == nil && inputs[$0].pictures.isEmpty }
    guard blocks.isEmpty || blocks.count == empty.count else {
      throw RequestError.bad(
        "raw_input_contents has the bytes of \(blocks.count) inputs, and \(empty.count) of \(inputs.count) inputs have no "
          + "contents of their own.")
    }
    for (position, block) in zip(empty, blocks) { try inputs[position].take(block, valueLimit: valueLimit) }
    binaryOutput = binaryOutput || !blocks.isEmpty
  }
}

extension InputTensor {
  fileprivate init(_ field: ProtobufField, valueLimit: Int) throws {
    var contents: CallContents?
    var datatypeName = ""
    var reader = try field.reader()
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try field.exactText
      case 2: datatypeName = try field.exactText
      case 3: try field.integers { try take(size: $0) }
      case 5: contents = try CallContents(field, after: contents, limit: valueLimit)
      default: break
      }
    }
    guard let type = Datatype(named: datatypeName) else {
      throw RequestError.bad(
        "The \"datatype\" of an input must be one of \(Datatype.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    datatype = type
    try contents?.give(to: &self)
  }

  private mutating func take(size: Int64) throws {
    guard size >= 0, shape.count < InferRequest.axisLimit else {
      throw RequestError.bad("The \"shape\" of an input must be a list of whole sizes, such as [2,4].")
    }
    shape.append(Int(size))
  }

  /// Takes its values from their bytes.
  fileprivate mutating func take(_ block: ByteBuffer, valueLimit: Int) throws {
    if let size = datatype.byteCount {
      let (expected, overflows) = try elementCount(limit: valueLimit).multipliedReportingOverflow(by: size)
      guard !overflows, block.readableBytes == expected else {
        throw RequestError.bad(
          "The input \(quoted(name)) of shape \(shape) and datatype \(datatype.rawValue) has \(expected) bytes, but "
            + "\(block.readableBytes) came.")
      }
    }
    var block = block
    binarySize = block.readableBytes
    try readBytes(from: &block, valueLimit: valueLimit)
  }
}

extension RequestedOutput {
  fileprivate init(_ field: ProtobufField) throws {
    var reader = try field.reader()
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try field.exactText
      case 2: try take(try CallParameter(field).member())
      default: break
      }
    }
  }
}
