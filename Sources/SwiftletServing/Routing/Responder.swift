// SPDX-License-Identifier: Apache-2.0
//
// Responder: from a request to its answer.
//
// There is no socket here: a test hands in a request and looks at the response.
//
// Before    FamiliarRequest.swift     After    Protocols/OpenInference/OpenInference.swift

import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import SwiftletModels

/// Answers requests.
package final class Responder: Sendable {
  package let options: ServerOptions
  package let state: ServerState
  package let repository: ModelRepository
  package let metrics = ServerMetrics()
  let routes: RouteTable
  let gate: RequestGate
  let log: RequestLog
  let clock = ResponseClock()
  let names = RequestNames()
  /// Where files are read and large bodies are answered, so that no event loop keeps the others waiting.
  let pool: NIOThreadPool
  let connections: ConnectionTable
  let budget: BodyBudget
  /// The lines of a response whose connection stays open: for how long it may be silent, in whole seconds.
  let keepAliveLines: String

  package init(
    _ repository: ModelRepository, options: ServerOptions, state: ServerState = ServerState(),
    routes: RouteTable = RouteTable(), pool: NIOThreadPool = .singleton, logger: Logger = Logger(label: "swiftlet")
  ) {
    self.options = options
    self.state = state
    self.repository = repository
    self.routes = routes
    self.pool = pool
    connections = ConnectionTable(limit: options.limits.maxConnections)
    budget = BodyBudget(limit: options.limits.maxTotalBodyBytes)
    let seconds = options.limits.idleTimeoutMilliseconds / 1000
    keepAliveLines = "Connection: keep-alive\r\n" + (seconds > 0 ? "Keep-Alive: timeout=\(seconds)\r\n" : "")
    gate = RequestGate(options)
    log = RequestLog(logger: logger, logsAll: options.operation.logsRequests)
    _ = ProcessMetrics.start
  }

  /// Answers a request, at once or later.
  package func respond(to request: ServerRequest, on loop: any EventLoop) -> Reply {
    var familiar = FamiliarRequest()
    return respond(to: request, on: loop, familiar: &familiar)
  }

  /// Answers a request of a connection that has asked before.
  func respond(to request: ServerRequest, on loop: any EventLoop, familiar: inout FamiliarRequest) -> Reply {
    respond(to: request, familiar.match(request.target, in: routes), on: loop, familiar: &familiar)
  }

  /// Answers a request whose path was understood.
  func respond(
    to request: ServerRequest, _ match: RouteMatch?, on loop: any EventLoop, familiar: inout FamiliarRequest
  ) -> Reply {
    let exchange = Exchange(
      request: request, match: match, route: match?.route(for: request.method),
      trace: RequestTrace(request.headers, names: names), loop: loop)
    do {
      switch try reply(in: exchange, familiar: &familiar) {
      case .now(var response):
        finish(&response, exchange)
        return .now(response)
      case .later(let future):
        return .later(
          future.flatMapErrorThrowing { exchange.refusal($0) }.flatMap { response in
            self.aside(response.body.readableBytes > Responder.largeBody, exchange.loop) {
              self.finished(response, exchange)
            }
          })
      case .stream(var response, var stream):
        addHeaders(to: &response, exchange)
        let head = response
        stream.isOver = { self.count(head, exchange, streamed: ($0, $1)) }
        return .stream(head, stream)
      }
    } catch {
      return .now(finished(exchange.refusal(error), exchange))
    }
  }

  private func reply(in exchange: Exchange, familiar: inout FamiliarRequest) throws -> Reply {
    let request = exchange.request
    try gate.checkPlace(request, &familiar)
    if let match = exchange.match, let preflight = gate.preflight(request, match) { return .now(preflight) }
    try gate.checkKey(request, isOpen: exchange.route?.isOpen ?? false)
    if request.method == .OPTIONS, request.target == "*" { return .now(Responder.methods) }
    guard let match = exchange.match, let route = exchange.route else { throw RequestError.notFound("Not Found") }
    guard route.takes(request.method) else {
      throw RequestError(
        .methodNotAllowed, "This path takes \(match.allowed), not \(request.method.rawValue).",
        headers: ["Allow": match.allowed])
    }
    let isPacked = request.headers.contains(name: "content-encoding")
    guard isPacked || request.body.readableBytes > Responder.largeBody else {
      let call = Call(server: self, request: request, path: match.path, loop: exchange.loop)
      do { return try route.answer(call) } catch is NeedsPool {}
      return .later(
        aside(true, exchange.loop) { try route.answer(call) }.flatMap { Responder.whole($0, on: call.loop) })
    }
    let loop = exchange.loop
    let answer = aside(true, loop) { [self] in
      let plain = try Compression.decoded(request, limit: options.limits.maxBodyBytes)
      return try route.answer(Call(server: self, request: plain, path: match.path, loop: loop))
    }
    return .later(answer.flatMap { Responder.whole($0, on: loop) })
  }

  /// Bodies of more bytes are read, and written, on the pool: they take longer than a probe may wait.
  static let largeBody = 64 << 10

  /// Does something on the pool if it is large, else at once.
  func aside<Value: Sendable>(
    _ isLarge: Bool, _ loop: any EventLoop, _ body: @escaping @Sendable () throws -> Value
  ) -> EventLoopFuture<Value> {
    guard isLarge else { return loop.makeCompletedFuture(withResultOf: body) }
    let promise = loop.makePromise(of: Value.self)
    pool.submit { _ in promise.completeWith(Result(catching: body)) }
    return promise.futureResult
  }

  /// The response of a reply that was made on the pool.
  static func whole(_ reply: Reply, on loop: any EventLoop) -> EventLoopFuture<ServerResponse> {
    switch reply {
    case .now(let response): loop.makeSucceededFuture(response)
    case .later(let future): future
    case .stream:
      loop.makeFailedFuture(RequestError(.payloadTooLarge, "The answer to a body this large is not streamed."))
    }
  }

  /// The methods of the server as a whole: `OPTIONS *`.
  private static var methods: ServerResponse {
    var response = ServerResponse(.noContent)
    response.headers = [("Allow", "GET, HEAD, POST, OPTIONS")]
    return response
  }

  /// Adds what every response has, counts it, and logs it.
  private func finish(_ response: inout ServerResponse, _ exchange: Exchange) {
    if response.body.readableBytes >= Compression.threshold, exchange.route?.family.isGRPC != true {
      response = Compression.encoded(response, for: exchange.request.headers)
    }
    addHeaders(to: &response, exchange)
    count(response, exchange)
  }

  private func finished(_ response: ServerResponse, _ exchange: Exchange) -> ServerResponse {
    var response = response
    finish(&response, exchange)
    return response
  }

  /// Adds the headers that every response has.
  private func addHeaders(to response: inout ServerResponse, _ exchange: Exchange) {
    let request = exchange.request
    response.headers.append(("X-Request-Id", exchange.trace.requestId))
    if let echoed = request.headers.first(name: "x-ms-client-request-id"), RequestTrace.isPrintable(echoed) {
      response.headers.append(("x-ms-client-request-id", echoed))
    }
    gate.addCORS(to: &response, request)
  }

  private func count(_ response: ServerResponse, _ exchange: Exchange, streamed: (byteCount: Int, isWhole: Bool)? = nil)
  {
    let time = exchange.loop.now - exchange.request.received
    let path = exchange.match?.path
    let model = path?.model.flatMap { try? repository.model($0, version: path?.version) }
    metrics.completed(exchange, model, response.status, time)
    if response.status.code >= 400 {
      if exchange.route?.method == .POST { model?.statistics.failed(total: time, response.status) }
      if let reason = response.rejection { metrics.rejected(reason) }
    }
    log.completed(exchange, response, time, streamed: streamed)
  }
}

/// A request, and what is known of it before it is answered.
final class Exchange: Sendable {
  let request: ServerRequest
  let match: RouteMatch?
  let route: Route?
  let trace: RequestTrace
  let loop: any EventLoop

  init(request: ServerRequest, match: RouteMatch?, route: Route?, trace: RequestTrace, loop: any EventLoop) {
    self.request = request
    self.match = match
    self.route = route
    self.trace = trace
    self.loop = loop
  }

  /// The error that a client sees: the sentence of a ``RequestError``, and no details of any other error.
  func refusal(_ error: any Error) -> ServerResponse {
    let error = error as? RequestError ?? RequestError(.internalServerError, "The request could not be answered.")
    return error.response(in: route?.family ?? .other)
  }
}
