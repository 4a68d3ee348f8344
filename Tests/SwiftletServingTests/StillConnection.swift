// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOEmbedded
import NIOPosix

@testable import SwiftletServing

/// A connection without a socket, whose time stands still.
final class StillConnection {
  private let server: TestServer
  private let channel = EmbeddedChannel()
  private let client = SilentClient()

  /// - Parameter isRead: Whether the client reads what it is sent.
  init(isRead: Bool = true, logger: Logger = silent, _ change: (inout ServerOptions) -> Void = { _ in }) throws {
    // A pool that was never started runs what it is given at once.
    server = try TestServer(
      [TestModels.numbers()], options: StillConnection.options(change), logger: logger,
      pool: NIOThreadPool(numberOfThreads: 1))
    client.isReading = isRead
    try open()
  }

  /// One of several connections to a server.
  init(of server: TestServer) throws {
    self.server = server
    try open()
  }

  private func open() throws {
    try channel.pipeline.syncOperations.addHandlers(HalfCloser(), client)
    _ = HTTPChannel(responder: server.responder).setup(channel: channel, logger: silent)
    channel.remoteAddress = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
  }

  /// Short limits, and what a test changes.
  static func options(_ change: (inout ServerOptions) -> Void) -> ServerOptions {
    var options = ServerOptions()
    options.limits.idleTimeoutMilliseconds = 2000
    options.limits.readTimeoutMilliseconds = 500
    change(&options)
    return options
  }

  func close() { _ = try? channel.finish(acceptAlreadyClosed: true) }
  deinit { close() }

  var isOpen: Bool { channel.isActive }
  func wait(_ milliseconds: Int64) { channel.embeddedEventLoop.advanceTime(by: .milliseconds(milliseconds)) }
  func send(_ text: String) throws {
    try channel.writeInbound(ByteBuffer(string: text))
    channel.embeddedEventLoop.run()
  }

  /// Lets a client read that has not read before.
  func read() throws -> String {
    client.isReading = true
    channel.flush()
    return try received()
  }

  /// What the server has written since the last call.
  func received() throws -> String {
    var text = ""
    while let part = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: part) }
    return text
  }
}

/// A socket whose way out is closed still reads, which an embedded channel does not do by itself.
private final class HalfCloser: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    if mode == .output { promise?.succeed() } else { context.close(mode: mode, promise: promise) }
  }
}

/// What it does not read stays with the server.
private final class SilentClient: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer
  var isReading = true

  func flush(context: ChannelHandlerContext) { if isReading { context.flush() } }
}
