// SPDX-License-Identifier: Apache-2.0
//
// The paths of TensorFlow Serving and of KServe's first protocol.
//
// Both, and the client of OpenAI, ask `/v1/models` and expect other things there: each body below holds what all of
// them read.
//
// Before    V1Responses.swift     After    V1Metadata.swift
// Source    tensorflow/serving, g3doc/api_rest.md; kserve 0.21, protocol/rest/v1_endpoints.py

import NIOCore
import SwiftletFormats

extension Responder {
  func v1(_ request: ServerRequest, _ route: Route, on loop: any EventLoop) throws -> Reply {
    switch route.endpoint {
    case .v1List:
      let models = repository.current.names
      let entries = try models.map { try JSONValue.object(entry(repository.model($0))) }
      return .now(.json(["object": "list", "data": .array(entries), "models": JSONValue(models)]))
    case .v1Status: return .now(try status(route))
    case .v1Metadata: return .now(.json(try v1Model(route).v1Metadata))
    case .v1Predict: return try predictRows(try v1Model(route), request, on: loop)
    case .v1Classify:
      let model = try v1Model(route)
      guard model.isClassification else {
        throw RequestError.bad("The model \(quoted(model.name)) gives numbers; ask it with :regress or :predict.")
      }
      let asked = try V1Request(examples: request.body, model: model, rowLimit: options.maxRowsPerRequest)
      return try answer(model, asked.rows, request, on: loop) { model.v1Classes($0) }
    case .v1Regress:
      let model = try v1Model(route)
      guard !model.isClassification else {
        throw RequestError.bad("The model \(quoted(model.name)) gives classes; ask it with :classify or :predict.")
      }
      let asked = try V1Request(examples: request.body, model: model, rowLimit: options.maxRowsPerRequest)
      return try answer(model, asked.rows, request, on: loop) { model.v1Numbers($0) }
    default: throw RequestError.notFound("Not Found")
    }
  }

  /// `:predict`, which Vertex AI asks under a path of its own.
  func predictRows(_ model: ServedModel, _ request: ServerRequest, on loop: any EventLoop) throws -> Reply {
    let asked = try V1Request(predict: request.body, model: model, rowLimit: options.maxRowsPerRequest)
    return try answer(model, asked.rows, request, on: loop) { answers in
      asked.form == .rows ? model.v1Rows(answers) : model.v1Columns(answers)
    }
  }

  /// The model, or an error in the words of this protocol.
  private func v1Model(_ route: Route) throws -> ServedModel {
    do { return try model(route) } catch let error as RequestError where error.status == .notFound {
      throw RequestError.notFound(
        route.version == nil
          ? "Model with name \(route.model ?? "") does not exist."
          : "Model with name \(route.model ?? "") has no such version.")
    }
  }

  private func status(_ route: Route) throws -> ServerResponse {
    let snapshot = repository.current
    let name = route.model ?? ""
    guard snapshot.knownNames.contains(name) else {
      throw RequestError.notFound("Model with name \(name) does not exist.")
    }
    guard snapshot.models[name] != nil else {
      return .json(
        [
          "name": .string(name), "ready": false, "error": "The model is not loaded.",
          "model_version_status": .array([]),
        ],
        .serviceUnavailable)
    }
    let asked = try v1Model(route)
    let served = route.version == nil ? snapshot.models[name]?.all ?? [asked] : [asked]
    let versions = served.reversed().map { model -> JSONValue in
      [
        "version": .string(model.version), "state": "AVAILABLE",
        "status": ["error_code": "OK", "error_message": ""],
      ]
    }
    return .json(
      .object(
        entry(asked) + [
          .init("name", .string(name)), .init("ready", true), .init("model_version_status", .array(versions)),
        ]))
  }

  /// A model as the client of OpenAI lists it.
  private func entry(_ model: ServedModel) -> [JSONValue.Member] {
    [
      .init("id", .string(model.name)), .init("object", "model"), .init("created", JSONValue(model.created)),
      .init("owned_by", "swiftlet"),
    ]
  }
}
