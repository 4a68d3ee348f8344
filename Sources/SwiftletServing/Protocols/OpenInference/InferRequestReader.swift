// SPDX-License-Identifier: Apache-2.0
//
// Reading a request of the Open Inference Protocol.
//
// The members of an object come in any order, so the values of a tensor may come before its type and its shape:
// numbers are read as numbers whatever the type, and everything is compared once the tensor is whole.
//
// Before    InferRequest.swift     After    BinaryTensors.swift

import NIOCore
import SwiftletFormats
import SwiftletModels

extension InferRequest {
  /// The largest number of tensors that a request gives, or asks for.
  static let tensorLimit = 4096
  /// The largest number of axes of a tensor.
  static let axisLimit = 16

  /// Reads the JSON of a request.
  ///
  /// - Parameter valueLimit: The largest number of values in a tensor.
  init(_ scanner: inout JSONScanner, valueLimit: Int) throws {
    guard scanner.peek() == UInt8(ascii: "{") else {
      throw RequestError.bad("The body must be a JSON object with \"inputs\".")
    }
    try scanner.object { scanner, name in
      if name != "inputs", try scanner.passedNull() { return }
      switch name {
      case "id":
        guard scanner.peek() == UInt8(ascii: "\"") else { throw RequestError.bad("\"id\" must be a text.") }
        id = try scanner.string()
      case "inputs": try readInputs(&scanner, valueLimit: valueLimit)
      case "outputs": try readOutputs(&scanner)
      case "parameters": try take(try scanner.parameters())
      default: try scanner.skip()  // such as model_name, which clients add
      }
    }
    guard !inputs.isEmpty else {
      throw RequestError.bad("The body needs \"inputs\", a list of tensors with name, shape, datatype and data.")
    }
  }

  private mutating func readInputs(_ scanner: inout JSONScanner, valueLimit: Int) throws {
    guard scanner.peek() == UInt8(ascii: "[") else {
      throw RequestError.bad("\"inputs\" must be one list of tensors, each with name, shape, datatype and data.")
    }
    try scanner.list { scanner in
      guard inputs.count < InferRequest.tensorLimit else {
        throw RequestError.bad("A request gives at most \(InferRequest.tensorLimit) inputs.")
      }
      inputs.append(try InputTensor(&scanner, valueLimit: valueLimit))
    }
  }

  private mutating func readOutputs(_ scanner: inout JSONScanner) throws {
    guard scanner.peek() == UInt8(ascii: "[") else { throw RequestError.bad("\"outputs\" must be a list of objects.") }
    try scanner.list { scanner in
      guard outputs.count < InferRequest.tensorLimit else {
        throw RequestError.bad("A request asks for at most \(InferRequest.tensorLimit) outputs.")
      }
      outputs.append(try RequestedOutput(&scanner))
    }
  }

  /// Takes the parameters of a request.
  mutating func take(_ parameters: [JSONValue.Member]) throws {
    for parameter in parameters {
      switch parameter.name {
      case "binary_data_output":
        guard let value = parameter.value.bool else {
          throw RequestError.bad("The parameter \"binary_data_output\" must be true or false.")
        }
        binaryOutput = value
      case "top":
        guard let count = parameter.value.integer, (1...RankingHead.longestList).contains(count) else {
          throw RequestError.bad(
            "The parameter \"top\", the length of a list, must be from 1 to \(RankingHead.longestList).")
        }
        top = count
      case "timeout":
        // Microseconds, as a number or, from some clients, as text.
        let number = parameter.value.number ?? parameter.value.string.flatMap(Double.init)
        guard let number, number >= 0, number < 1e15 else {
          throw RequestError.bad("The parameter \"timeout\" must be a number of microseconds.")
        }
        if number > 0 { timeout = .microseconds(Int64(number)) }
      default: break
      }
    }
  }
}

extension JSONScanner {
  /// Skips a null: clients that are generated from a schema write every member, even those without a value.
  fileprivate mutating func passedNull() throws -> Bool {
    guard peek() == UInt8(ascii: "n") else { return false }
    try word("null")
    return true
  }

  /// The base64 of `{"b64": "…"}`, as TensorFlow Serving writes bytes.
  fileprivate mutating func file() throws -> JSONValue {
    guard let members = try value().members, members.count == 1, members[0].name == "b64",
      members[0].value.string != nil
    else {
      throw RequestError.bad(
        "A tensor holds numbers, text and truth values, and of objects only {\"b64\": \"…\"}, a picture in base64.")
    }
    return members[0].value
  }

  /// An object of texts, numbers and truth values.
  fileprivate mutating func parameters() throws -> [JSONValue.Member] {
    guard peek() == UInt8(ascii: "{"), let members = try value().members else {
      throw RequestError.bad("\"parameters\" must be an object.")
    }
    for member in members where member.value.array != nil || member.value.members != nil || member.value == .null {
      throw RequestError.bad("The parameter \(quoted(member.name)) must be a text, a number, true or false.")
    }
    return members
  }
}

extension InputTensor {
  fileprivate init(_ scanner: inout JSONScanner, valueLimit: Int) throws {
    guard scanner.peek() == UInt8(ascii: "{") else { throw RequestError.bad("An input must be an object.") }
    var hasName = false
    var hasDatatype = false
    var hasShape = false
    var values: FlatValues?
    try scanner.object { scanner, member in
      if member == "parameters", try scanner.passedNull() { return }
      switch member {
      case "name":
        guard scanner.peek() == UInt8(ascii: "\"") else {
          throw RequestError.bad("The \"name\" of an input must be a text.")
        }
        name = try scanner.string()
        hasName = true
      case "datatype":
        guard scanner.peek() == UInt8(ascii: "\""), case let text = try scanner.string(),
          let type = Datatype(named: text)
        else {
          throw RequestError.bad(
            "The \"datatype\" of an input must be one of \(Datatype.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        datatype = type
        hasDatatype = true
      case "shape":
        shape = try scanner.shape()
        hasShape = true
      case "data":
        guard scanner.peek() == UInt8(ascii: "[") else {
          throw RequestError.bad("The \"data\" of an input must be a list.")
        }
        var list = FlatValues()
        var hasFiles = false
        try scanner.flatten(into: &list, limit: valueLimit) { scanner in
          hasFiles = true
          return try scanner.file()
        }
        holdsFiles = hasFiles
        values = list
      case "parameters":
        for parameter in try scanner.parameters() where parameter.name == "binary_data_size" {
          guard let size = parameter.value.integer, size >= 0 else {
            throw RequestError.bad("The parameter \"binary_data_size\" must be a number of bytes.")
          }
          binarySize = size
        }
      default: try scanner.skip()
      }
    }
    self.values = values
    guard hasName else { throw RequestError.bad("An input needs a \"name\".") }
    guard hasDatatype, hasShape else {
      throw RequestError.bad("The input \(quoted(name)) needs a \"datatype\" and a \"shape\".")
    }
    guard (values == nil) != (binarySize == nil) else {
      throw RequestError.bad(
        "Input must set only one of the following: \"data\" or the parameter \"binary_data_size\", for the input \(quoted(name))."
      )
    }
  }

  /// Number of values in the shape.
  func elementCount(limit: Int) throws -> Int {
    var count = 1
    for size in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: size)
      guard !overflows, size >= 0, product <= limit else {
        throw RequestError.bad(
          "The shape of the input \(quoted(name)) is \(shape), which is more than \(limit) values.")
      }
      count = product
    }
    return count
  }
}

extension JSONScanner {
  fileprivate mutating func shape() throws -> [Int] {
    guard peek() == UInt8(ascii: "[") else {
      throw RequestError.bad("The \"shape\" of an input must be a list of sizes.")
    }
    var shape: [Int] = []
    try list { scanner in
      let byte = scanner.peek()
      guard byte == UInt8(ascii: "-") || (48...57).contains(byte), let size = Int(exactly: try scanner.number()),
        size >= 0,
        shape.count < InferRequest.axisLimit
      else { throw RequestError.bad("The \"shape\" of an input must be a list of whole sizes, such as [2,4].") }
      shape.append(size)
    }
    return shape
  }
}

extension RequestedOutput {
  fileprivate init(_ scanner: inout JSONScanner) throws {
    guard scanner.peek() == UInt8(ascii: "{") else { throw RequestError.bad("An output must be an object.") }
    var name: String?
    try scanner.object { scanner, member in
      if member == "parameters", try scanner.passedNull() { return }
      switch member {
      case "name":
        guard scanner.peek() == UInt8(ascii: "\"") else {
          throw RequestError.bad("The \"name\" of an output must be a text.")
        }
        name = try scanner.string()
      case "parameters":
        for parameter in try scanner.parameters() { try take(parameter) }
      default: try scanner.skip()
      }
    }
    guard let name else { throw RequestError.bad("An output needs a \"name\".") }
    self.name = name
  }

  /// Takes a parameter of an output.
  mutating func take(_ parameter: JSONValue.Member) throws {
    switch parameter.name {
    case "binary_data":
      guard let value = parameter.value.bool else {
        throw RequestError.bad("The parameter \"binary_data\" must be true or false.")
      }
      isBinary = value
    case "classification":
      guard let count = parameter.value.integer, count >= 0 else {
        throw RequestError.bad("The parameter \"classification\" must be a number of labels.")
      }
      classificationCount = count > 0 ? count : nil
    default: break
    }
  }
}
