// SPDX-License-Identifier: Apache-2.0
//
// ValueMessage: the type and the sizes of what goes into a graph, and of what comes out.
//
// Before    TensorMessage.swift     After    ONNX/Graph/GraphError.swift
// Source    onnx/onnx.proto, ValueInfoProto, TypeProto, TensorShapeProto

import SwiftletFormats

/// An input or an output.
struct ValueMessage: ProtobufMessage {
  var name = ""
  var type = TypeMessage()
  var documentation = ""

  mutating func take(_ field: ProtobufField) throws {
    switch field.number {
    case 1: name = try field.text
    case 2: type = try field.message()
    case 3: documentation = try field.text
    default: break
    }
  }
}

/// The type of a value.
struct TypeMessage: ProtobufMessage {
  /// Its elements and sizes; `nil` if it is not a tensor.
  var tensor: TensorTypeMessage?

  mutating func take(_ field: ProtobufField) throws {
    if field.number == 1 { tensor = try field.message() }
  }
}

/// A tensor's type.
struct TensorTypeMessage: ProtobufMessage {
  var element: Int64 = 0
  /// `nil` if the file leaves the number of axes open.
  var shape: ShapeMessage?

  mutating func take(_ field: ProtobufField) throws {
    switch field.number {
    case 1: element = try field.integer
    case 2: shape = try field.message()
    default: break
    }
  }
}

/// The sizes of the axes.
struct ShapeMessage: ProtobufMessage {
  var axes: [AxisMessage] = []

  mutating func take(_ field: ProtobufField) throws {
    if field.number == 1 { axes.append(try field.message()) }
  }
}

/// The size of an axis, or a name for one that is not known yet.
struct AxisMessage: ProtobufMessage {
  var size: Int64?
  var name = ""

  mutating func take(_ field: ProtobufField) throws {
    switch field.number {
    case 1: size = try field.integer
    case 2: name = try field.text
    default: break
    }
  }
}
