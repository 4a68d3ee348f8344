// SPDX-License-Identifier: Apache-2.0
//
// Listening: a second port that is open, that of gRPC.
//
// Before    ModelServer.swift     After    ListenError.swift

import HummingbirdCore
import Logging
import NIOCore

/// A port that could not be opened, and why.
struct GRPCPortError: Error {
  let cause: any Error
}

/// A server that accepts connections for calls of gRPC.
struct Listening {
  let server: Server<HTTPChannel>
  let serving: Task<Void, any Error>
  let port: Int

  /// Opens a port.
  ///
  /// - Throws: ``GRPCPortError``
  init(
    _ responder: Responder, _ options: ServerOptions, _ group: any EventLoopGroup, at port: Int, logger: Logger
  ) async throws {
    let (ports, opened) = AsyncStream<Int>.makeStream()
    let server = ModelServer.listener(responder, options, group, at: port, services: .grpc, logger: logger) {
      opened.yield($0)
    }
    self.server = server
    let serving = Task {
      defer { opened.finish() }  // where it does not open
      try await server.run()
    }
    self.serving = serving
    var iterator = ports.makeAsyncIterator()
    if let port = await iterator.next() {
      self.port = port
    } else {
      do { try await serving.value } catch { throw GRPCPortError(cause: error) }
      throw GRPCPortError(cause: ChannelError.alreadyClosed)
    }
  }
}
