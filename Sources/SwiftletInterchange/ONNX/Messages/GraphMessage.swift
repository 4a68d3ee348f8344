// SPDX-License-Identifier: Apache-2.0
//
// GraphMessage: nodes in an order in which they can be run, and the values that go in and out.
//
// Before    ModelMessage.swift     After    TensorMessage.swift
// Source    onnx/onnx.proto, GraphProto, NodeProto, AttributeProto

import SwiftletFormats

/// A graph.
struct GraphMessage: ProtobufMessage {
  var name = ""
  var nodes: [NodeMessage] = []
  var initializers: [TensorMessage] = []
  var inputs: [ValueMessage] = []
  var outputs: [ValueMessage] = []
  var hasSparseInitializers = false

  /// The most nodes of a graph.
  static let nodeLimit = 60_000

  mutating func take(_ field: ProtobufField) throws {
    switch field.number {
    case 1:
      guard nodes.count < Self.nodeLimit else {
        throw ProtobufError(message: "a graph has more than \(Self.nodeLimit) nodes, which is the limit")
      }
      nodes.append(try field.message())
    case 2: name = try field.text
    case 5: initializers.append(try field.message())
    case 11: inputs.append(try field.message())
    case 12: outputs.append(try field.message())
    case 15: hasSparseInitializers = true
    default: break
    }
  }
}

/// A use of an operator.
struct NodeMessage: ProtobufMessage {
  /// The names of the values that it takes; empty for one that is left out.
  var inputs: [String] = []
  var outputs: [String] = []
  var name = ""
  var operation = ""
  var domain = ""
  var attributes: [AttributeMessage] = []

  /// The most attributes of a node. TreeEnsembleRegressor, which has many, has 21.
  private static let attributeLimit = 256

  mutating func take(_ field: ProtobufField) throws {
    switch field.number {
    case 1: inputs.append(try field.text)
    case 2: outputs.append(try field.text)
    case 3: name = try field.text
    case 4: operation = try field.text
    case 5:
      guard attributes.count < Self.attributeLimit else {
        throw ProtobufError(message: "a node has more than \(Self.attributeLimit) attributes")
      }
      attributes.append(try field.message())
    case 7: domain = try field.text
    default: break
    }
  }
}

/// A setting of a node. Of its values, one is used.
struct AttributeMessage: ProtobufMessage {
  var name = ""
  var float: Float = 0
  var integer: Int64 = 0
  var text = ""
  /// At most one each. As lists, they take eight bytes in the many attributes that have neither.
  private var tensors: [TensorMessage] = []
  private var graphs: [GraphMessage] = []
  var floats: [Float] = []
  var integers: [Int64] = []
  var texts: [String] = []

  var tensor: TensorMessage? {
    get { tensors.first }
    set { tensors = newValue.map { [$0] } ?? [] }
  }

  var graph: GraphMessage? {
    get { graphs.first }
    set { graphs = newValue.map { [$0] } ?? [] }
  }

  mutating func take(_ field: ProtobufField) throws {
    switch field.number {
    case 1: name = try field.text
    case 2: float = try field.float
    case 3: integer = try field.integer
    case 4: text = try field.text
    case 5: tensors = [try field.message()]
    case 6: graphs = [try field.message()]
    case 7: try field.append(to: &floats)
    case 8: try field.append(to: &integers)
    case 9: texts.append(try field.text)
    default: break
    }
  }
}
