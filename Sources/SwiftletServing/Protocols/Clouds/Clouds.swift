// SPDX-License-Identifier: Apache-2.0
//
// The paths by which SageMaker, MLflow and Azure ML ask a container.
//
// Before    Vertex.swift     After    AnswerFormat.swift
// Source    SageMaker Developer Guide, "Use Your Own Inference Code"; mlflow 3.17, pyfunc/scoring_server

import NIOCore
import SwiftletFormats

/// Containers in clouds.
enum Clouds {
  static let sageMaker = RouteFamily("sagemaker", title: "Clouds", errorBody: errorBody)
  static let azure = RouteFamily("azure", title: "Clouds", errorBody: errorBody)

  static let routes: [Route] = [
    .get("/ping", sageMaker, isOpen: true, summary: "SageMaker's probe", schema: .empty) { $0.probe },
    .post(
      "/endpoints/{model}/invocations", sageMaker, summary: "Answer for rows, as SageMaker's endpoints do",
      schema: .ofModel(\.invocations)
    ) { try invoke(try $0.model(), $0) },
    .post(
      "/invocations", sageMaker, summary: "Answer for rows, as SageMaker and MLflow do", schema: .ofModel(\.invocations)
    ) { try invoke(try $0.onlyModel(), $0) },
    .post("/score", azure, summary: "Answer for rows, as Azure ML does", schema: .ofModel(\.invocations)) {
      try invoke(try $0.onlyModel(), $0)
    },
  ]

  /// An error with the members that clients of MLflow read.
  @Sendable private static func errorBody(_ error: RequestError) -> JSONValue {
    let codes: [UInt: JSONValue] = [400: "BAD_REQUEST", 404: "RESOURCE_DOES_NOT_EXIST", 503: "TEMPORARILY_UNAVAILABLE"]
    let code = codes[error.status.code] ?? (error.status.code < 500 ? "BAD_REQUEST" : "INTERNAL_ERROR")
    return ["error": .string(error.message), "error_code": code, "message": .string(error.message)]
  }

  private static func invoke(_ model: ServedModel, _ call: Call) throws -> Reply {
    let options = call.server.options
    let asked = try Invocation(call.request, model: model, options)
    let format = try AnswerFormat.chosen(call.request, asked, fallback: options.operation.defaultAccept)
    return try call.server.answer(model, asked.rows, call) { answers in
      var response = ServerResponse(mediaType: format.mediaType, body: format.write(model, answers, asked.answer))
      if !asked.ignoredColumns.isEmpty { response.headers.append(("X-Ignored-Columns", asked.ignoredColumns)) }
      return response
    }
  }
}

extension Call {
  /// A probe's answer, with an empty body: SageMaker and Vertex look at the status alone.
  var probe: ServerResponse { server.isReady ? ServerResponse() : ServerResponse(.serviceUnavailable) }

  /// The model that a path without a name means: the only one, or the one that a header names.
  func onlyModel() throws -> ServedModel {
    let repository = server.repository
    if let name = request.headers.first(name: "x-amzn-sagemaker-target-model") { return try repository.model(name) }
    let names = repository.current.names
    guard names.count == 1 else {
      throw RequestError.bad(
        names.isEmpty
          ? "No model is loaded."
          : "This server has several models; ask /endpoints/NAME/invocations for one of \(names.joined(separator: ", "))."
      )
    }
    return try repository.model(names[0])
  }
}
