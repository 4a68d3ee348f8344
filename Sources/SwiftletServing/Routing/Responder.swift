// SPDX-License-Identifier: Apache-2.0
//
// Responder: from a request to its answer.
//
// There is no socket here: a test hands in a request and looks at the response.
//
// Before    FamiliarRequest.swift     After    Protocols/V2/InferRequest.swift

import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import SwiftletFormats

/// Answers requests.
package final class Responder: Sendable {
  package let options: ServerOptions
  package let state: ServerState
  package let repository: ModelRepository
  package let metrics = ServerMetrics()
  let vertex: VertexRoutes
  let gate: RequestGate
  let log: RequestLog
  let clock = ResponseClock()
  let names = RequestNames()
  /// Where files are read, so that no event loop waits for a disk.
  let pool: NIOThreadPool

  package init(
    _ repository: ModelRepository, options: ServerOptions, state: ServerState = ServerState(),
    vertex: VertexRoutes = VertexRoutes(), pool: NIOThreadPool = .singleton, logger: Logger = Logger(label: "swiftlet")
  ) {
    (self.options, self.state, self.repository, self.vertex) = (options, state, repository, vertex)
    gate = RequestGate(options)
    log = RequestLog(logger: logger, logsAll: options.logsRequests)
    self.pool = pool
    _ = ProcessMetrics.start
  }

  /// Answers a request, at once or later.
  package func respond(to request: ServerRequest, on loop: any EventLoop) -> Reply {
    var familiar = FamiliarRequest()
    return respond(to: request, on: loop, familiar: &familiar)
  }

  /// Answers a request of a connection that has asked before.
  func respond(to request: ServerRequest, on loop: any EventLoop, familiar: inout FamiliarRequest) -> Reply {
    let trace = RequestTrace(request.headers, names: names)
    let route = familiar.route(to: request.target, vertex: vertex)
    do {
      switch try reply(to: request, route, on: loop, familiar: &familiar) {
      case .now(let response): return .now(finish(response, request, route, trace))
      case .later(let future):
        return .later(
          future.flatMapErrorThrowing { Responder.refusal(for: $0, route) }.map {
            self.finish($0, request, route, trace)
          })
      }
    } catch {
      return .now(finish(Responder.refusal(for: error, route), request, route, trace))
    }
  }

  /// What a client is told: the sentence of a ``RequestError``, and nothing of any other error.
  private static func refusal(for error: any Error, _ route: Route?) -> ServerResponse {
    let error = error as? RequestError ?? RequestError(.internalServerError, "The request could not be answered.")
    let isInvocation = route?.endpoint.protocolName == .sagemaker || route?.endpoint.protocolName == .azure
    return isInvocation ? error.invocationResponse : error.response
  }

  private func reply(
    to request: ServerRequest, _ route: Route?, on loop: any EventLoop, familiar: inout FamiliarRequest
  ) throws -> Reply {
    try gate.check(request, route, familiar: &familiar)
    guard let route else { throw RequestError.notFound("Not Found") }
    if let preflight = gate.preflight(request, route) { return .now(preflight) }
    guard route.endpoint.methods.contains(request.method) else {
      let allowed = route.endpoint.methods.map(\.rawValue).joined(separator: ", ")
      throw RequestError(
        .methodNotAllowed, "This path is asked with \(allowed), not with \(request.method.rawValue).",
        headers: ["Allow": allowed])
    }
    let plain = try Compression.decoded(request, limit: options.maxBodyBytes)
    return try dispatch(plain, route, on: loop)
  }

  private func dispatch(_ request: ServerRequest, _ route: Route, on loop: any EventLoop) throws -> Reply {
    switch route.endpoint.protocolName {
    case .page: .now(try page(request, route))
    case .operations: .now(try operation(request, route))
    case .v2: try v2(request, route, on: loop)
    case .v1: try v1(request, route, on: loop)
    case .sagemaker, .vertex, .azure: try cloud(request, route, on: loop)
    case .other: throw RequestError.notFound("Not Found")
    }
  }

  /// Adds what every response has, counts it, and logs it.
  private func finish(_ response: ServerResponse, _ request: ServerRequest, _ route: Route?, _ trace: RequestTrace)
    -> ServerResponse
  {
    var response = response
    if response.body.readableBytes >= Compression.threshold {
      response = Compression.encoded(response, accepting: request.headers.first(name: "accept-encoding"))
    }
    response.headers.append(("X-Request-Id", trace.requestId))
    if let echoed = request.headers.first(name: "x-ms-client-request-id"), RequestTrace.isPrintable(echoed) {
      response.headers.append(("x-ms-client-request-id", echoed))
    }
    gate.addCORS(to: &response, request)
    let time = NIODeadline.now() - request.received
    let model = route.flatMap { route in route.model.flatMap { try? repository.model($0, version: route.version) } }
    metrics.completed(route?.endpoint, request.method, model, response.status, time)
    if response.status.code >= 400 {
      if route?.endpoint.methods.contains(.POST) == true { model?.statistics.failed(total: time, response.status) }
      if let reason = response.rejection { metrics.rejected(reason) }
    }
    log.completed(request, response, route, trace, time)
    return response
  }
}
