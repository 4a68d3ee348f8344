// SPDX-License-Identifier: Apache-2.0
//
// ModelServer: the server from its start to its end.
//
// Before    ResponseClock.swift     After    Wire/ServerRequest.swift

import HummingbirdCore
import Logging
import NIOCore
import NIOPosix

/// A server that answers for models.
public struct ModelServer: Sendable {
  let options: ServerOptions
  let repository: ModelRepository

  public init(paths: [String], options: ServerOptions) throws {
    self.options = options
    repository = try ModelRepository(paths: paths)
  }

  /// Serves until it is told to stop.
  public func run() async throws {
    var logger = Logger(label: "swiftlet")
    logger.logLevel = .warning
    let responder = Responder(repository, options: options)
    let server = Server(
      childChannelSetup: HTTPChannel(responder: responder),
      configuration: ServerConfiguration(address: .hostname(options.host, port: options.port), backlog: 1024),
      eventLoopGroup: MultiThreadedEventLoopGroup(numberOfThreads: options.threadCount), logger: logger)
    try await server.run()
  }
}
