// SPDX-License-Identifier: Apache-2.0
//
// The requests and answers of a model's routes.
//
// Before    OpenAPIOperation.swift     After    OpenAPIInputSchemas.swift

import SwiftletFormats
import SwiftletModels

/// One model in the document: an operation for each kind of question.
struct OpenAPIModelSchemas {
  private let model: ServedModel
  private let rowLimit: Int
  private let schemas: OpenAPIInputSchemas

  /// Whether columns that the model does not have are refused wherever rows come by name.
  private let isStrict: Bool

  init(_ model: ServedModel, _ options: ServerOptions) {
    self.model = model
    isStrict = options.access.strictColumns
    rowLimit = options.limits.maxRowsPerRequest
    schemas = OpenAPIInputSchemas(model)
  }

  // MARK: Operations

  /// Tensors for tensors.
  var infer: OpenAPIOperation? {
    OpenAPIOperation(body: schemas.inferBody, example: schemas.inferExample, response: inferResponse)
  }

  /// Rows, answered in full.
  var predict: OpenAPIOperation? {
    // A list of rows is all pairs or all users: they are answered in different forms.
    let body = schemas.listedRow.map { instances(anyOf: [rows(schemas.row), rows($0)]) } ?? instancesBody
    var operation = OpenAPIOperation(
      body: body, example: instancesExample,
      response: ["type": "object", "required": ["predictions"], "properties": ["predictions": list(predictionSchema)]])
    operation.otherBodies = schemas.pictureBodies
    return operation
  }

  /// Rows, answered with bare labels or numbers.
  var invocations: OpenAPIOperation? {
    var operation = OpenAPIOperation(
      body: isStrict ? instancesBody : instances(schemas.row.without("additionalProperties")),
      example: instancesExample,
      response: ["type": "object", "required": ["predictions"], "properties": ["predictions": ["type": "array"]]])
    operation.otherBodies = schemas.pictureBodies
    return operation
  }

  /// Examples of a model of classes.
  var classify: OpenAPIOperation? { model.isClassification ? examples : nil }

  /// Examples of a model of numbers.
  var regress: OpenAPIOperation? { model.isClassification ? nil : examples }

  private var examples: OpenAPIOperation? {
    guard model.isTabular else { return nil }
    return OpenAPIOperation(
      body: ["type": "object", "required": ["examples"], "properties": ["examples": rows(schemas.namedRow)]],
      example: ["examples": [.object(model.exampleRow)]],
      response: ["type": "object", "required": ["results"], "properties": ["results": ["type": "array"]]])
  }

  // MARK: Bodies

  private func list(_ items: JSONValue) -> JSONValue { ["type": "array", "items": items] }

  private func rows(_ row: JSONValue) -> JSONValue {
    ["type": "array", "minItems": 1, "maxItems": JSONValue(rowLimit), "items": row]
  }

  private var instancesBody: JSONValue { instances(schemas.row) }

  private func instances(anyOf lists: [JSONValue]) -> JSONValue {
    ["type": "object", "required": ["instances"], "properties": ["instances": ["anyOf": .array(lists)]]]
  }

  private func instances(_ row: JSONValue) -> JSONValue {
    ["type": "object", "required": ["instances"], "properties": ["instances": rows(row)]]
  }

  private var instancesExample: JSONValue { ["instances": [schemas.rowExample]] }

  // MARK: Answers

  private var predictionSchema: JSONValue {
    let number: JSONValue = model.isDouble ? ["type": "number", "format": "double"] : ["type": "number"]
    guard !makesLists else { return ["anyOf": [number, listSchema(number)]] }
    guard model.isClassification else { return model.signature.head.answerWidth == 1 ? number : list(number) }
    return [
      "type": "object", "required": ["label", "probabilities"],
      "properties": ["label": ["enum": JSONValue(model.signature.labels)], "probabilities": list(number)],
    ]
  }

  private var makesLists: Bool { model.recommender != nil }

  /// The items for a user, the best first, with their scores.
  private func listSchema(_ number: JSONValue) -> JSONValue {
    [
      "type": "object", "required": ["items", "scores"],
      "properties": ["items": list(["type": "string"]), "scores": list(number)],
    ]
  }

  private var inferResponse: JSONValue {
    let names = model.outputs.map(\.name) + (makesLists ? ["items", "scores"] : [])
    let datatypes = model.outputs.map(\.datatype) + (makesLists ? [.bytes, .fp64] : [])
    let output: JSONValue = [
      "type": "object", "required": ["name", "datatype", "shape", "data"],
      "properties": [
        "name": ["enum": JSONValue(names)],
        "datatype": ["enum": JSONValue(datatypes.map(\.rawValue))],
        "shape": list(["type": "integer"]), "data": ["type": "array"],
      ],
    ]
    return [
      "type": "object", "required": ["model_name", "model_version", "outputs"],
      "properties": [
        "id": ["type": "string"], "model_name": ["const": .string(model.name)], "model_version": ["type": "string"],
        "outputs": list(output),
      ],
    ]
  }
}

extension JSONValue {
  /// An object without one of its members.
  fileprivate func without(_ name: String) -> JSONValue {
    members.map { .object($0.filter { $0.name != name }) } ?? self
  }
}
