// SPDX-License-Identifier: Apache-2.0
//
// The paths by which SageMaker, MLflow, Vertex AI and Azure ML ask a container.
//
// Before    VertexRoutes.swift     After    Invocation.swift
// Source    SageMaker Developer Guide, "Use Your Own Inference Code"; mlflow 3.17, pyfunc/scoring_server

import NIOCore
import SwiftletFormats

extension Responder {
  func cloud(_ request: ServerRequest, _ route: Route, on loop: any EventLoop) throws -> Reply {
    switch route.endpoint {
    case .ping, .vertexHealth:
      // An empty body: SageMaker and Vertex look at the status alone.
      return .now(isReady ? ServerResponse() : ServerResponse(.serviceUnavailable))
    case .vertexPredict: return try predictRows(try onlyModel(request), request, on: loop)
    case .endpointInvocations: return try invoke(try model(route), request, on: loop)
    default: return try invoke(try onlyModel(request), request, on: loop)
    }
  }

  /// The model that a path without a name means: the only one, or the one that a header names.
  private func onlyModel(_ request: ServerRequest) throws -> ServedModel {
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

  private func invoke(_ model: ServedModel, _ request: ServerRequest, on loop: any EventLoop) throws -> Reply {
    let asked = try Invocation(request, model: model, rowLimit: options.maxRowsPerRequest)
    let format = try AnswerFormat(request, asked, fallback: options.defaultAccept)
    return try answer(model, asked.rows, request, on: loop) { answers in
      switch format {
      case .json: model.bareRows(answers, withScores: asked.wantsScores)
      case .csv: ServerResponse(mediaType: "text/csv", body: ByteBuffer(string: model.lines(answers)))
      case .npy:
        ServerResponse(
          mediaType: "application/x-npy",
          body: ByteBuffer(bytes: NPY.encode(answers.values, shape: [answers.count, answers.width])))
      }
    }
  }
}

/// How an invocation is answered.
private enum AnswerFormat {
  case json, csv, npy

  /// By what the request accepts; else as it came.
  init(_ request: ServerRequest, _ asked: Invocation, fallback: String?) throws {
    let accepted = request.headers.first(name: "accept")?.lowercased() ?? ""
    if accepted.isEmpty || accepted.contains("*/*") {
      switch fallback {
      case "text/csv": self = .csv
      case "application/x-npy": self = .npy
      case "application/json": self = .json
      default: self = asked.cameAsCSV ? .csv : .json
      }
    } else if accepted.contains("application/json") {
      self = .json
    } else if accepted.contains("text/csv") {
      self = .csv
    } else if accepted.contains("application/x-npy") {
      self = .npy
    } else {
      throw RequestError(.notAcceptable, "Answers come as application/json, text/csv or application/x-npy.")
    }
  }
}

extension ServedModel {
  /// A label or a number on each line, several numbers between commas.
  fileprivate func lines(_ answers: Answers) -> String {
    (0..<answers.count).map { row in
      let values = answers.row(row)
      return csvLine(isClassification ? [bundle.labels[label(of: values)]] : values.map(\.description))
    }.joined()
  }
}
