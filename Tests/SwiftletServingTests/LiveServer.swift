// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import SwiftletServing

/// A server on a port of its own, and bytes to and from it: what a polite client's library would not send.
final class LiveServer: Sendable {
  let port: Int
  let responder: Responder
  private let server: Server<HTTPChannel>
  private let task: Task<Void, any Error>
  private let keeper: TestServer

  var folder: String { keeper.folder }

  init(
    routes: [Route] = [], logger: Logger = silent, _ change: (inout ServerOptions) -> Void = { _ in }
  ) async throws {
    var options = ServerOptions.patient
    change(&options)
    keeper = try TestServer([TestModels.numbers()], options: options, routes: routes, logger: logger)
    responder = keeper.responder
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    options.address.port = 0
    let server = ModelServer.listener(
      responder, options, MultiThreadedEventLoopGroup.singleton, logger: silent
    ) { continuation.yield($0) }
    self.server = server
    task = Task { try await server.run() }
    var iterator = ports.makeAsyncIterator()
    port = try #require(await iterator.next())
  }

  func stop() async throws {
    try await server.shutdownGracefully()
    try await task.value
  }

  /// Sends the pieces with a pause between them, and returns all that comes until the server closes, or until a text has come.
  func exchange(_ pieces: [String], pause: Duration = .zero, until end: String? = nil) async throws -> String {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(
      host: "127.0.0.1", port: port
    ) { channel in
      channel.eventLoop.makeCompletedFuture {
        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
      }
    }
    return try await channel.executeThenClose { inbound, outbound in
      var text = ""
      let sending = Task {
        for piece in pieces {
          try await outbound.write(ByteBuffer(string: piece))
          if pause > .zero { try await Task.sleep(for: pause) }
        }
      }
      defer { sending.cancel() }
      do {
        for try await buffer in inbound {
          text += String(buffer: buffer)
          if let end, text.contains(end) { break }
        }
      } catch is IOError {}  // reset: what came before it is what counts
      return text
    }
  }
}
