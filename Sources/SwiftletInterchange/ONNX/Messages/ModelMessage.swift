// SPDX-License-Identifier: Apache-2.0
//
// ModelMessage: a file of ONNX, as it is written.
//
// The structs of this folder mirror the messages of onnx.proto, as far as a runner needs them, and check nothing but
// their form. What the names in them refer to is found out by GraphRunner.
//
// Before    SwiftletModels     After    GraphMessage.swift
// Source    onnx/onnx.proto, ModelProto, OperatorSetIdProto, StringStringEntryProto

import SwiftletFormats

/// A model: a graph, and the versions of the operators in it.
struct ModelMessage: ProtobufMessage {
  var version: Int64 = 0
  var producer = ""
  var producerVersion = ""
  var documentation = ""
  var graph = GraphMessage()
  var operatorSets: [OperatorSetMessage] = []
  var metadata: [EntryMessage] = []
  /// The number of functions that the file defines itself.
  var functionCount = 0

  mutating func take(_ field: ProtobufField) throws {
    switch field.number {
    case 1: version = try field.integer
    case 2: producer = try field.text
    case 3: producerVersion = try field.text
    case 6: documentation = try field.text
    case 7: graph = try field.message()
    case 8: operatorSets.append(try field.message())
    case 14: metadata.append(try field.message())
    case 25: functionCount += 1
    default: break
    }
  }

  /// Reads a file's bytes.
  ///
  /// - Throws: `FormatError` if they are not a model.
  static func decode(_ bytes: [UInt8], name: String) throws -> ModelMessage {
    do {
      let model = try bytes.withUnsafeBytes { try ModelMessage(reading: ProtobufReader($0)) }
      guard !model.graph.outputs.isEmpty, !model.operatorSets.isEmpty else {
        throw ProtobufError(message: "it holds no graph with outputs")
      }
      return model
    } catch let error as ProtobufError {
      throw FormatError(name, "is not a valid ONNX file: \(error.message). Is the file whole?")
    }
  }

  /// The version of a domain's operators; `nil` if the file does not import the domain.
  func operatorVersion(of domain: String) -> Int? {
    operatorSets.last { ONNXDomain.normalized($0.domain) == ONNXDomain.normalized(domain) }
      .map { Int(clamping: $0.version) }
  }
}

/// The domains whose operators there are.
enum ONNXDomain {
  /// The operators of neural networks, which is also written as `ai.onnx`.
  static let standard = ""
  /// The operators of classical machine learning.
  static let learning = "ai.onnx.ml"

  static func normalized(_ domain: String) -> String { domain == "ai.onnx" ? standard : domain }
}

/// The version of a domain's operators.
struct OperatorSetMessage: ProtobufMessage {
  var domain = ""
  var version: Int64 = 0

  mutating func take(_ field: ProtobufField) throws {
    switch field.number {
    case 1: domain = try field.text
    case 2: version = try field.integer
    default: break
    }
  }
}

/// A text with a name.
struct EntryMessage: ProtobufMessage {
  var key = ""
  var value = ""

  mutating func take(_ field: ProtobufField) throws {
    switch field.number {
    case 1: key = try field.text
    case 2: value = try field.text
    default: break
    }
  }
}
