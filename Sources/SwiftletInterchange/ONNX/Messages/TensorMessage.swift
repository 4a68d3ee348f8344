// SPDX-License-Identifier: Apache-2.0
//
// TensorMessage: the numbers or texts of a constant.
//
// They stand in `raw`, or in the list of their type. Which it is, and whether there are as many as the sizes say, is
// decided where a GraphValue is made of them.
//
// Before    GraphMessage.swift     After    ValueMessage.swift
// Source    onnx/onnx.proto, TensorProto

import SwiftletFormats

/// A constant.
struct TensorMessage: ProtobufMessage {
  var name = ""
  var sizes: [Int64] = []
  var type: Int64 = 0
  var floats: [Float] = []
  var doubles: [Double] = []
  /// Whole numbers of all types, and numbers of 16 bits by their bits.
  var integers: [Int64] = []
  var texts: [String] = []
  var raw: [UInt8]?
  /// Where its bytes are, if they are in a file beside the model.
  var external: [EntryMessage] = []

  mutating func take(_ field: ProtobufField) throws {
    switch field.number {
    case 1: try field.append(to: &sizes)
    case 2: type = try field.integer
    case 4: try field.append(to: &floats)
    case 5, 7, 11: try field.append(to: &integers)
    case 6: texts.append(try field.text)
    case 8: name = try field.text
    case 9: raw = Array(try field.bytes)
    case 10: try field.append(to: &doubles)
    case 13: external.append(try field.message())
    default: break
    }
  }
}
