// SPDX-License-Identifier: Apache-2.0
//
// The bodies of TensorFlow Serving: `instances` or `inputs`, `examples` with `context`.
//
// Before    RowReader.swift     After    RowsResponses.swift
// Source    tensorflow/serving, g3doc/api_rest.md and util/json_tensor.cc

import NIOCore
import SwiftletFormats

/// Rows, and the form in which they came.
struct RowsRequest {
  enum Form { case rows, columns }
  let rows: PreparedRows
  let form: Form

  /// Reads the body of `:predict`: JSON, a form of pictures, or one picture.
  init(predict request: ServerRequest, model: ServedModel, rowLimit: Int) throws {
    guard !ServedModel.holdsPictures(request.mediaType) else {
      rows = try model.prepare(picturesOf: request, rowLimit: rowLimit)
      form = .rows
      return
    }
    let body = request.body
    var reader = RowReader(model, rowLimit: rowLimit)
    var rows: PreparedRows?
    var form = Form.rows
    try body.readJSON { scanner in
      guard scanner.peek() == UInt8(ascii: "{") else { throw RowsRequest.needsOne }
      try scanner.object { scanner, name in
        switch name {
        case "instances", "inputs":
          guard rows == nil else { throw RowsRequest.needsOne }
          form = name == "instances" ? .rows : .columns
          rows =
            name == "instances" ? try reader.rows(&scanner, called: name) : try reader.columns(&scanner, called: name)
        case "signature_name": try RowsRequest.check(signature: scanner.value())
        default: try scanner.skip()  // such as parameters
        }
      }
    }
    guard let rows else { throw RowsRequest.needsOne }
    self.rows = rows
    self.form = form
  }

  /// Reads the body of `:classify` and `:regress`: examples, and the values that all of them share.
  init(examples body: ByteBuffer, model: ServedModel, rowLimit: Int) throws {
    let value = try body.readJSON { try $0.value() }
    guard let examples = value["examples"]?.array, !examples.isEmpty else {
      throw RequestError.bad("The body needs \"examples\", a list of objects with a value for every column.")
    }
    if let signature = value["signature_name"] { try RowsRequest.check(signature: signature) }
    _ = try model.checkedRowCount(examples.count, rowLimit)
    let shared = value["context"]?.members ?? []
    let objects = try examples.map { example -> [JSONValue.Member] in
      guard let members = example.members else { throw RequestError.bad("An example must be an object.") }
      let own = Set(members.map(\.name))
      return members + shared.filter { !own.contains($0.name) }
    }
    var reader = RowReader(model, rowLimit: rowLimit)
    rows = try reader.rows(objects: objects)
    form = .rows
  }

  /// Every model has one signature, which may go without its name.
  private static func check(signature: JSONValue) throws {
    guard signature == .null || ["", "serving_default"].contains(signature.string) else {
      throw RequestError.bad(
        "The signature_name \(signature.encoded()) is unknown: the model has one, \"serving_default\".")
    }
  }

  private static let needsOne = RequestError.bad(
    "The body must be a JSON object with exactly one of \"instances\" (rows) and \"inputs\" (columns).")
}
