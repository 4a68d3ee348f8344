// SPDX-License-Identifier: Apache-2.0
//
// The port for gRPC on a socket.

import NIOCore
import NIOPosix
import SwiftletTestSupport
import Testing

@testable import SwiftletServing

@Suite("gRPC: its port", .serialized, .endsWhenStuck)
struct GRPCPortTests {
  @Test("opens, answers HTTP/1.1 with where to go, and keeps another one from the same port, with a sentence")
  func opening() async throws {
    let keeper = try TestServer([TestModels.numbers()])
    let group = MultiThreadedEventLoopGroup.singleton
    var options = ServerOptions.patient
    let first = try await Listening(keeper.responder, options, group, at: 0, logger: silent)
    #expect(first.port > 0)
    options.address.grpcPort = first.port
    let busy = options
    let error = try await #require(throws: GRPCPortError.self) {
      _ = try await Listening(keeper.responder, busy, group, at: first.port, logger: silent)
    }
    #expect(
      ModelServer.sentence(about: error, busy)
        == "127.0.0.1:\(first.port) is in use by another program; choose another port with --grpc-port.")
    let answer = try await exchange("GET /v2 HTTP/1.1\r\nHost: localhost\r\n\r\n", port: first.port)
    #expect(answer.hasPrefix("HTTP/1.1 415 ") && answer.contains("This port answers gRPC"))
    try await first.server.shutdownGracefully()
    try await first.serving.value
  }

  @Test("is in the greeting")
  func greeting() throws {
    let server = try TestServer([TestModels.numbers()])
    let lines = Greeting(server.responder, port: 8080, grpcPort: 8081).text.split(separator: "\n")
    #expect(lines[0].hasPrefix("Serving flowers at http://127.0.0.1:8080/"))
    #expect(lines[1] == "gRPC at 127.0.0.1:8081, the Open Inference Protocol and health checks")
    #expect(!Greeting(server.responder, port: 8080).text.contains("gRPC"))
  }

  private func exchange(_ request: String, port: Int) async throws -> String {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(
      host: "127.0.0.1", port: port
    ) { channel in
      channel.eventLoop.makeCompletedFuture {
        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
      }
    }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: request))
      var text = ""
      for try await piece in inbound { text += String(buffer: piece) }
      return text
    }
  }
}
