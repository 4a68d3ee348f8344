// SPDX-License-Identifier: Apache-2.0
//
// The paths of TensorFlow Serving and of KServe's first protocol.
//
// Both, and the client of OpenAI, ask `/v1/models` and expect different things there: each body below has the members
// that all of them read.
//
// Before    RowsResponses.swift     After    Protocols/ListResponses.swift
// Source    tensorflow/serving, g3doc/api_rest.md; kserve 0.21, protocol/rest/v1_endpoints.py

import SwiftletFormats
import SwiftletModels

/// Version 1 of the protocols for rows.
enum TensorFlowServing {
  static let family = RouteFamily("v1", title: "TensorFlow Serving")
  private static let models = "[/openai]/v1/models"
  /// Version 0 is the latest, as a client of OpenVINO means it.
  private static let model = models + "/{model}[/versions/{version}|/versions/0|/labels/{label}]"

  static let routes: [Route] = [
    .get(models, family, summary: "The models, as OpenAI and KServe list them") { .json(list($0)) },
    .get(model, family, summary: "The model's state") { try status($0) },
    .get(model + "/metadata", family, summary: "The model's signature") {
      .json(try namedModel($0).signatureMetadata)
    },
    .post(model + ":predict", family, summary: "Answer for rows", schema: .ofModel(\.predict)) {
      try $0.server.predictRows(try namedModel($0), $0)
    },
    .post(model + ":classify", family, summary: "Answer for examples", schema: .ofModel(\.classify)) { call in
      let model = try namedModel(call)
      guard model.isClassification else {
        throw RequestError.bad("The model \(quoted(model.name)) gives numbers; ask it with :regress or :predict.")
      }
      return try call.server.answerExamples(model, call) { model.classResults($0) }
    },
    .post(model + ":regress", family, summary: "Answer for examples", schema: .ofModel(\.regress)) { call in
      let model = try namedModel(call)
      guard !model.isClassification else {
        throw RequestError.bad("The model \(quoted(model.name)) gives classes; ask it with :classify or :predict.")
      }
      return try call.server.answerExamples(model, call) { model.numberResults($0) }
    },
  ]

  /// The model, or an error in the words of this protocol.
  private static func namedModel(_ call: Call) throws -> ServedModel {
    if let label = call.path["label"] {
      throw RequestError.notFound(
        "No version of the model \(quoted(call.path.model ?? "")) has the label \(quoted(label)): this server assigns no labels. Ask a version by /versions/N."
      )
    }
    do { return try call.model() } catch let error as RequestError where error.status == .notFound {
      let name = call.path.model ?? ""
      throw RequestError.notFound(
        call.path.version == nil
          ? "Model with name \(name) does not exist." : "Model with name \(name) has no such version.")
    }
  }

  private static func list(_ call: Call) -> JSONValue {
    let models = call.server.repository.current.latest
    return [
      "object": "list", "data": .array(models.map { .object(entry($0)) }), "models": JSONValue(models.map(\.name)),
    ]
  }

  private static func status(_ call: Call) throws -> ServerResponse {
    let snapshot = call.server.repository.current
    let name = call.path.model ?? ""
    if call.path["label"] != nil { _ = try namedModel(call) }
    guard snapshot.knownNames.contains(name) else {
      throw RequestError.notFound("Model with name \(name) does not exist.")
    }
    guard let versions = snapshot.models[name] else {
      return .json(
        [
          "name": .string(name), "ready": false, "error": "The model is not loaded.",
          "model_version_status": .array([]),
        ],
        .serviceUnavailable)
    }
    let asked = try namedModel(call)
    let served = call.path.version == nil ? versions.all : [asked]
    let states = served.reversed().map { model -> JSONValue in
      [
        "version": .string(model.version), "state": "AVAILABLE",
        "status": ["error_code": "OK", "error_message": ""],
      ]
    }
    return .json(
      .object(
        entry(asked) + [
          .init("name", .string(name)), .init("ready", true), .init("model_version_status", .array(states)),
        ]))
  }

  /// A model as the client of OpenAI lists it.
  private static func entry(_ model: ServedModel) -> [JSONValue.Member] {
    [
      .init("id", .string(model.name)), .init("object", "model"), .init("created", JSONValue(model.created)),
      .init("owned_by", "swiftlet"),
    ]
  }
}

extension Responder {
  /// `:predict`, which Vertex AI asks under a path of its own.
  func predictRows(_ model: ServedModel, _ call: Call) throws -> Reply {
    let asked = try RowsRequest(predict: call.request, model: model, rowLimit: options.limits.maxRowsPerRequest)
    guard asked.rows.users.isEmpty else {
      return try answer(model, asked.rows, call, givesLists: true) { answers in
        model.predictions(lists: model.lists(answers, for: asked.rows.users), form: asked.form)
      }
    }
    return try answer(model, asked.rows, call) { answers in
      asked.form == .rows ? model.predictions(answers) : model.outputColumns(answers)
    }
  }

  /// `:classify` and `:regress`.
  fileprivate func answerExamples(
    _ model: ServedModel, _ call: Call, _ write: @escaping @Sendable (Answers) -> ServerResponse
  ) throws -> Reply {
    let asked = try RowsRequest(examples: call.request.body, model: model, rowLimit: options.limits.maxRowsPerRequest)
    return try answer(model, asked.rows, call, write)
  }
}
