// SPDX-License-Identifier: Apache-2.0
//
// MLflowClient: calls to a server of MLflow.
//
// Before    MLflowAddress.swift     After    MLflowText.swift
// Source    MLflow, "REST API"

import SwiftletFormats

/// Why a call did not do what it should.
enum MLflowError: Error, Equatable {
  /// There is no answer, or only that something is wrong with the server: it may be better later.
  case away(String)
  /// Who asks may not.
  case denied(Int)
  /// The server answers, but not as MLflow does.
  case foreign(Int)
  /// What is asked for is not there.
  case missing(String)
  /// It is there already.
  case exists(String)
  /// The server does not want what it was sent, and never will.
  case refused(String)

  /// What is wrong, without a full stop.
  var reason: String {
    switch self {
    case .away(let reason), .missing(let reason), .exists(let reason), .refused(let reason): reason
    case .denied(let status):
      "it answers with \(status): set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN"
    case .foreign(let status): "it answers with \(status), and not as MLflow does, so look whether the address is right"
    }
  }
}

/// Calls to a server.
struct MLflowClient: Sendable {
  /// Where it is.
  let address: MLflowAddress
  /// How long to wait for a connection, and for the next byte, in milliseconds.
  var patience = 10_000
  /// Makes calls wait for less, also those that have begun.
  let haste = Haste()

  /// Sends JSON, and returns the JSON of the answer.
  ///
  /// - Parameters:
  ///   - path: What stands behind `/api/2.0/mlflow/`.
  ///   - body: What is sent; `nil` to ask only.
  /// - Throws: ``MLflowError``.
  @discardableResult func call(_ path: String, _ body: JSONValue? = nil) throws -> JSONValue {
    let text = body.map { HTTPRequest.Body.bytes(Array($0.compact().utf8)) } ?? .none
    let answer = try ask(body == nil ? "GET" : "POST", "mlflow/" + path, text, type: "application/json")
    guard !answer.isEmpty else { return .object([]) }
    guard let json = try? JSONValue.parse(answer[...], name: address.url), json.members != nil else {
      throw MLflowError.foreign(200)
    }
    return json
  }

  /// Puts a file among the artifacts.
  ///
  /// - Parameters:
  ///   - path: The path within the artifacts of the server.
  ///   - body: What is sent.
  ///   - type: The type of the content.
  func put(_ path: String, _ body: HTTPRequest.Body, type: String) throws {
    _ = try ask("PUT", "mlflow-artifacts/artifacts/" + MLflowText.escaped(path), body, type: type)
  }

  private func ask(_ method: String, _ path: String, _ body: HTTPRequest.Body, type: String) throws -> [UInt8] {
    let identity = address.authorization.map { [(name: "Authorization", value: $0)] } ?? []
    let request = HTTPRequest(
      method: method, url: "\(address.url)/api/2.0/\(path)", headers: [("Content-Type", type)] + identity, body: body,
      patience: patience, haste: haste)
    let answer: HTTPAnswer
    do { answer = try request.answer() } catch let failure as HTTPFailure { throw MLflowError.away(failure.reason) }
    if (200..<300).contains(answer.status) { return answer.body }
    let error = try? JSONValue.parse(answer.body[...], name: address.url)
    let message = error?["message"]?.string.map { String($0.prefix(300)) } ?? "it answers with \(answer.status)"
    switch (answer.status, error?["error_code"]?.string) {
    case (401, _), (403, _): throw MLflowError.denied(answer.status)
    case (408, _), (429, _), (500..., _): throw MLflowError.away(message)
    case (_, "RESOURCE_DOES_NOT_EXIST"): throw MLflowError.missing(message)
    case (_, "RESOURCE_ALREADY_EXISTS"): throw MLflowError.exists(message)
    case (_, .some): throw MLflowError.refused(message)
    case (let status, nil): throw MLflowError.foreign(status)
    }
  }
}
