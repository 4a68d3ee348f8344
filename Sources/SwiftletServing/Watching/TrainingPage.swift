// SPDX-License-Identifier: Apache-2.0
//
// TrainingPage: a page on this machine that shows a training while it goes on.
//
// Before    LiveHandler.swift     After    Repository/ModelProbe.swift

import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// A page at a port of this machine, which draws the events that it is sent.
package final class TrainingPage: Sendable {
  /// The port that was opened.
  package let port: Int
  private let events = LiveEvents()
  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel

  /// Opens a port of the loopback interface.
  ///
  /// - Parameter port: 0 for any that is free.
  /// - Throws: ``TrainingPageError`` if it cannot be opened.
  package init(port: Int) throws {
    let events = events
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      channel = try ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 16)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        // Whoever comes late gets all events at once, which must not look like not keeping up.
        .childChannelOption(.writeBufferWaterMark, value: .init(low: 1 << 20, high: 8 << 20))
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.configureHTTPServerPipeline(
              withPipeliningAssistance: false, withErrorHandling: true)
            try channel.pipeline.syncOperations.addHandler(LiveHandler(events))
          }
        }
        .bind(host: "127.0.0.1", port: port).wait()
    } catch {
      try? group.syncShutdownGracefully()
      throw TrainingPageError(port: port, cause: (error as? IOError)?.errnoCode ?? 0)
    }
    self.port = channel.localAddress?.port ?? port
  }

  /// Sends an event to whoever looks, now or later. It does not wait for anybody.
  ///
  /// - Parameters:
  ///   - id: Larger than those before.
  ///   - name: What kind of event it is.
  ///   - data: JSON in one line.
  package func send(id: Int, _ name: String, data: String) { events.add(id: id, name, data: data) }

  /// Ends all answers, and closes the port.
  package func end() {
    events.end()
    try? channel.close().wait()
    try? group.syncShutdownGracefully()
  }
}

/// A port that cannot be opened.
package struct TrainingPageError: Error, CustomStringConvertible {
  /// The port that was asked for.
  package let port: Int
  /// The system's number of the error.
  package let cause: Int32

  package var description: String {
    switch cause {
    case EADDRINUSE: "127.0.0.1:\(port) is in use by another program; choose another with --live-port, or leave it out."
    case EACCES: "127.0.0.1:\(port) may not be opened by this user; ports from 1024 on may."
    default: "127.0.0.1:\(port) cannot be opened: \(String(cString: strerror(cause)))."
    }
  }
}
