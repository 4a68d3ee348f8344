// SPDX-License-Identifier: Apache-2.0
//
// The paths of one model in the document.
//
// Before    OpenAPIOperation.swift     After    OpenAPIInputSchemas.swift

import SwiftletFormats

struct OpenAPIModelPaths {
  private let model: ServedModel
  private let rowLimit: Int
  private let schemas: OpenAPIInputSchemas

  init(_ model: ServedModel, _ options: ServerOptions) {
    self.model = model
    rowLimit = options.maxRowsPerRequest
    schemas = OpenAPIInputSchemas(model)
  }

  var paths: [JSONValue.Member] {
    let (v1, v2) = ("/v1/models/\(model.name)", "/v2/models/\(model.name)")
    let open = OpenAPISchemas.object
    var operations = [
      OpenAPIOperation(v2, "What the model takes and gives", "Open Inference Protocol", response: open),
      OpenAPIOperation(v2 + "/ready", "Whether the model is ready", "Open Inference Protocol", response: open),
      OpenAPIOperation(
        v2 + "/infer", "Answer for tensors", "Open Inference Protocol", body: schemas.inferBody,
        example: schemas.inferExample,
        response: inferResponse),
      OpenAPIOperation(v2 + "/stats", "What the model has done", "Open Inference Protocol", response: open),
      OpenAPIOperation(v2 + "/config", "The model's configuration", "Open Inference Protocol", response: open),
      OpenAPIOperation(v1, "The model's state", "TensorFlow Serving", response: open),
      OpenAPIOperation(v1 + "/metadata", "The model's signature", "TensorFlow Serving", response: open),
      OpenAPIOperation(
        v1 + ":predict", "Answer for rows", "TensorFlow Serving", body: instancesBody, example: instancesExample,
        response: [
          "type": "object", "required": ["predictions"], "properties": ["predictions": list(predictionSchema)],
        ]),
      OpenAPIOperation(
        v1 + (model.isClassification ? ":classify" : ":regress"), "Answer for examples", "TensorFlow Serving",
        body: ["type": "object", "required": ["examples"], "properties": ["examples": rows(schemas.namedRow)]],
        example: ["examples": [.object(model.exampleRow)]],
        response: ["type": "object", "required": ["results"], "properties": ["results": ["type": "array"]]]),
      invocations("/endpoints/\(model.name)/invocations", "Answer for rows, as SageMaker's endpoints do"),
    ]
    if !model.isTabular { operations.removeAll { $0.path.hasSuffix(":classify") || $0.path.hasSuffix(":regress") } }
    return operations.map(\.member)
  }

  /// Paths without a name, which mean this model where it is the only one.
  var onlyModelPaths: [JSONValue.Member] {
    [
      invocations("/invocations", "Answer for rows, as SageMaker and MLflow do").member,
      invocations("/score", "Answer for rows, as Azure ML does").member,
    ]
  }

  private func invocations(_ path: String, _ summary: String) -> OpenAPIOperation {
    OpenAPIOperation(
      path, summary, "Clouds", body: instancesBody, example: instancesExample,
      response: ["type": "object", "required": ["predictions"], "properties": ["predictions": ["type": "array"]]])
  }

  // MARK: Bodies

  private func list(_ items: JSONValue) -> JSONValue { ["type": "array", "items": items] }

  private func rows(_ row: JSONValue) -> JSONValue {
    ["type": "array", "minItems": 1, "maxItems": JSONValue(rowLimit), "items": row]
  }

  private var instancesBody: JSONValue {
    ["type": "object", "required": ["instances"], "properties": ["instances": rows(schemas.row)]]
  }

  private var instancesExample: JSONValue { ["instances": [schemas.rowExample]] }

  // MARK: Answers

  private var predictionSchema: JSONValue {
    let number: JSONValue = ["type": "number"]
    guard model.isClassification else { return model.predictor.answerWidth == 1 ? number : list(number) }
    return [
      "type": "object", "required": ["label", "probabilities"],
      "properties": ["label": ["enum": JSONValue(model.bundle.labels)], "probabilities": list(number)],
    ]
  }

  private var inferResponse: JSONValue {
    let output: JSONValue = [
      "type": "object", "required": ["name", "datatype", "shape", "data"],
      "properties": [
        "name": ["enum": JSONValue(model.outputs.map(\.name))], "datatype": ["type": "string"],
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
