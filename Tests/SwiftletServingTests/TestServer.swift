// SPDX-License-Identifier: Apache-2.0
//
// A server without a socket: requests go to the responder, on an event loop as in the real one.

import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import SwiftletFormats
import SwiftletModels
import Synchronization
import Testing

@testable import SwiftletServing

extension ServerOptions {
  /// Those of a server on a busy machine, where a request is never late.
  static var patient: ServerOptions {
    var options = ServerOptions()
    options.batching.queueTimeoutMilliseconds = 600_000
    options.batching.requestTimeoutMilliseconds = 600_000
    options.limits.readTimeoutMilliseconds = 600_000
    return options
  }
}

final class TestServer: Sendable {
  let folder: String
  let responder: Responder
  let loop: any EventLoop
  private let kept: TemporaryFolderBox

  /// Saves the bundles into a folder of their own and serves it.
  convenience init(
    _ bundles: [ModelBundle], options: ServerOptions = .patient, environment: [String: String] = [:],
    routes: [Route] = [], logger: Logger = silent, pool: NIOThreadPool = .singleton
  ) throws {
    let temporary = try TemporaryFolder()
    for bundle in bundles { try bundle.save(to: temporary.path + "/" + bundle.name) }
    try self.init(
      paths: [temporary.path], keeping: temporary, options: options, environment: environment, routes: routes,
      logger: logger, pool: pool)
  }

  /// Serves what lies in some folders.
  init(
    paths: [String], keeping temporary: TemporaryFolder, options: ServerOptions = .patient,
    environment: [String: String] = [:], routes: [Route] = [], logger: Logger = silent,
    pool: NIOThreadPool = .singleton
  ) throws {
    folder = temporary.path
    kept = TemporaryFolderBox(temporary)
    let repository = try ModelRepository(
      paths: paths, limits: BatchLimits(options, pool: .singleton), logger: silent)
    let table = RouteTable(RouteTable.routes(environment) + routes)
    responder = Responder(repository, options: options, routes: table, pool: pool, logger: logger)
    loop = MultiThreadedEventLoopGroup.singleton.any()
  }

  /// A server of all kinds of models.
  static func ofAllKinds(options: ServerOptions = .patient) throws -> TestServer {
    try TestServer(
      [TestModels.numbers(), TestModels.mixed(), TestModels.regression(), TestModels.pictures()], options: options)
  }

  /// Asks, and waits for the answer.
  func ask(_ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:], bytes: [UInt8] = []) async throws
    -> ServerResponse
  {
    var headers = headers
    if !headers.contains(name: "host") { headers.add(name: "Host", value: "localhost:8080") }
    let request = ServerRequest(method, target, headers: headers, body: ByteBuffer(bytes: bytes))
    let (responder, loop) = (responder, loop)
    return try await loop.flatSubmit {
      switch responder.respond(to: request, on: loop) {
      case .now(let response): loop.makeSucceededFuture(response)
      case .later(let future): future
      case .stream(let head, let stream): TestServer.collected(head, stream, on: loop)
      }
    }.get()
  }

  /// A streamed response with its whole body.
  private static func collected(_ head: ServerResponse, _ stream: ResponseStream, on loop: any EventLoop)
    -> EventLoopFuture<ServerResponse>
  {
    loop.makeFutureWithTask {
      let body = Collected()
      try await stream.write(StreamWriter { piece in body.bytes.withLock { _ = $0.writeImmutableBuffer(piece) } })
      stream.isOver(body.bytes.withLock { $0.readableBytes }, true)
      var response = head
      response.body = body.bytes.withLock { $0 }
      return response
    }
  }

  func get(_ target: String, headers: HTTPHeaders = [:]) async throws -> ServerResponse {
    try await ask(.GET, target, headers: headers)
  }

  func post(_ target: String, _ body: String, headers: HTTPHeaders = [:]) async throws -> ServerResponse {
    try await ask(.POST, target, headers: headers, bytes: Array(body.utf8))
  }
}

private final class Collected: Sendable {
  let bytes = Mutex(ByteBuffer())
}

private final class TemporaryFolderBox: @unchecked Sendable {
  private let folder: TemporaryFolder
  init(_ folder: TemporaryFolder) { self.folder = folder }
}

extension ServerResponse {
  var text: String { String(buffer: body) }
  var json: JSONValue { (try? JSONValue.parse(text, name: "response")) ?? .null }
  var error: String? { json["error"]?.string }
  func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
}
