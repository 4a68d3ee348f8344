// SPDX-License-Identifier: Apache-2.0
//
// GraphWriter: a graph of ONNX, node by node.
//
// A node takes values by their names and gives one; a constant is a value too. The names are those that a reader of the graph
// sees, so they say what a value is.
//
// Before    FreeNames.swift     After    GraphExport.swift
// Source    onnx/onnx.proto

import SwiftletFormats
import SwiftletTensors

/// Writes nodes, constants, inputs and outputs.
struct GraphWriter {
  /// What an attribute of a node holds.
  enum Attribute {
    case integer(Int)
    case float(Float)
    case integers([Int])
    case floats([Float])
    case texts([String])
  }

  private var graph = ProtobufWriter()
  private var constants = ProtobufWriter()
  private var ends = ProtobufWriter()
  /// What each output holds, and the name that it has.
  private(set) var outputs: [(meaning: String, name: String)] = []
  private var names = FreeNames()

  /// The version of the format, and those of the operators: old enough for readers of 2022.
  private static let formatVersion: Int64 = 8
  private static let versions: [(domain: String, version: Int64)] = [("", 15), (ONNXDomain.learning, 2)]

  /// A name that no value has yet: the wanted one, or that with a number.
  mutating func unused(_ name: String) -> String { names.next(name) }

  /// Adds a node.
  ///
  /// - Returns: The name of its output.
  mutating func node(
    _ operation: String, _ inputs: [String], as wanted: String, domain: String = ONNXDomain.standard,
    _ attributes: [(name: String, value: Attribute)] = []
  ) -> String {
    let output = unused(wanted)
    add(operation, inputs, to: output, domain, attributes)
    return output
  }

  /// Adds a node that gives an output of the graph.
  mutating func node(
    _ operation: String, _ inputs: [String], to output: String, domain: String = ONNXDomain.standard,
    _ attributes: [(name: String, value: Attribute)] = []
  ) {
    add(operation, inputs, to: output, domain, attributes)
  }

  private mutating func add(
    _ operation: String, _ inputs: [String], to output: String, _ domain: String,
    _ attributes: [(name: String, value: Attribute)]
  ) {
    graph.message(1) { node in
      for input in inputs { node.write(1, string: input) }
      node.write(2, string: output)
      node.write(3, string: output)
      node.write(4, string: operation)
      for attribute in attributes { node.message(5) { Self.write(attribute.value, named: attribute.name, to: &$0) } }
      if !domain.isEmpty { node.write(7, string: domain) }
    }
  }

  private static func write(_ value: Attribute, named name: String, to message: inout ProtobufWriter) {
    message.write(1, string: name)
    switch value {
    case .float(let number):
      message.write(2, float: number)
      message.write(20, unsigned: 1)
    case .integer(let number):
      message.write(3, signed: Int64(number))
      message.write(20, unsigned: 2)
    case .floats(let numbers):
      for number in numbers { message.write(7, float: number) }
      message.write(20, unsigned: 6)
    case .integers(let numbers):
      for number in numbers { message.write(8, signed: Int64(number)) }
      message.write(20, unsigned: 7)
    case .texts(let texts):
      for text in texts { message.write(9, string: text) }
      message.write(20, unsigned: 8)
    }
  }

  /// Adds a constant.
  ///
  /// - Returns: Its name.
  mutating func constant(_ wanted: String, _ value: GraphValue) -> String {
    let name = unused(wanted)
    constants.message(5) { tensor in
      for size in value.shape { tensor.write(1, signed: Int64(size)) }
      tensor.write(2, signed: value.type.rawValue)
      tensor.write(8, string: name)
      tensor.write(9, bytes: value.littleEndianBytes)
    }
    return name
  }

  /// Adds a constant of a tensor's numbers.
  mutating func constant(_ wanted: String, _ tensor: Tensor) -> String {
    constant(wanted, GraphValue(Array(tensor.shape), tensor.scalars))
  }

  /// Declares an input.
  ///
  /// - Parameters:
  ///   - sizes: Those behind the axis of the rows.
  ///   - meaning: A sentence for people.
  mutating func input(_ name: String, _ type: ElementType, _ sizes: [Int], meaning: String) {
    names.take(name)
    end(11, name, type, sizes, meaning)
  }

  /// Declares an output.
  ///
  /// - Returns: Its name: the wanted one, or another where a column has that.
  mutating func output(_ wanted: String, _ type: ElementType, _ sizes: [Int], meaning: String) -> String {
    let name = names.output(wanted)
    end(12, name, type, sizes, meaning)
    outputs.append((wanted, name))
    return name
  }

  private mutating func end(_ field: Int, _ name: String, _ type: ElementType, _ sizes: [Int], _ meaning: String) {
    ends.message(field) { value in
      value.write(1, string: name)
      value.message(2) { kind in
        kind.message(1) { tensor in
          tensor.write(1, signed: type.rawValue)
          tensor.message(2) { shape in
            shape.message(1) { $0.write(2, string: "batch") }
            for size in sizes { shape.message(1) { $0.write(1, signed: Int64(size)) } }
          }
        }
      }
      if !meaning.isEmpty { value.write(3, string: meaning) }
    }
  }

  /// The file.
  ///
  /// - Parameters:
  ///   - name: The graph's name.
  ///   - version: That of Swiftlet.
  ///   - documentation: A text about the model.
  ///   - metadata: Facts by their names.
  func file(
    named name: String, version: String, documentation: String, metadata: [(key: String, value: String)]
  ) -> [UInt8] {
    var model = ProtobufWriter()
    model.write(1, signed: Self.formatVersion)
    model.write(2, string: "swiftlet")
    model.write(3, string: version)
    if !documentation.isEmpty { model.write(6, string: documentation) }
    var whole = ProtobufWriter()
    whole.write(2, string: name)
    model.write(7, bytes: graph.bytes + whole.bytes + constants.bytes + ends.bytes)
    for (domain, version) in Self.versions {
      model.message(8) { set in
        set.write(1, string: domain)
        set.write(2, signed: version)
      }
    }
    for (key, value) in metadata {
      model.message(14) { entry in
        entry.write(1, string: key)
        entry.write(2, string: value)
      }
    }
    return model.bytes
  }
}

extension GraphValue {
  /// The numbers as a file holds them. Texts, which stand in a list there, are not written here.
  fileprivate var littleEndianBytes: [UInt8] {
    func bytes<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
      numbers.flatMap { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } }
    }
    return switch elements {
    case .single(let values): bytes(values.map(\.bitPattern))
    case .double(let values): bytes(values.map(\.bitPattern))
    case .integer(let values): bytes(values)
    case .bool(let values): values.map { $0 ? 1 : 0 }
    case .text: []
    }
  }
}
