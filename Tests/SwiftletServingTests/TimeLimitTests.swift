// SPDX-License-Identifier: Apache-2.0
//
// Limits on time, on a clock that the test moves.

import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import SwiftletServing

@Suite("Limits on time")
struct TimeLimitTests {
  private let post = "POST /v1/models/flowers:predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 23\r\n\r\n"
  private let body = #"{"instances":[[1,5,2]]}"#

  @Test("a connection that says nothing is closed, before a request and after one")
  func silence() throws {
    let connection = try StillConnection()
    connection.wait(1999)
    #expect(connection.isOpen)
    try connection.send(post + body)
    #expect(try connection.received().contains("200 OK"))
    connection.wait(1999)
    #expect(connection.isOpen)
    connection.wait(1)
    #expect(!connection.isOpen)
    #expect(try connection.received().isEmpty)
  }

  @Test("a head that does not arrive is 408, however often a bit of it comes")
  func slowHead() throws {
    // Behind a whole request, the time begins with the next bytes.
    for (before, later) in [("", Int64(0)), (post + body, 100)] {
      let connection = try StillConnection()
      try connection.send(before + "GET /v2 HTTP/1.1\r\n")
      _ = try connection.received()
      for i in 0..<4 {
        connection.wait(100)
        try connection.send("X-\(i): 1\r\n")
      }
      connection.wait(99 + later)
      #expect(try connection.received().isEmpty)
      connection.wait(1)
      let text = try connection.received()
      #expect(text.contains("408 ") && text.contains("The head of the request did not arrive in time."), "\(text)")
      #expect(text.contains("Connection: close"))
      connection.wait(2000)
      #expect(!connection.isOpen)
    }
  }

  @Test("a body that does not arrive is 408, however often a bit of it comes")
  func slowBody() throws {
    let connection = try StillConnection()
    try connection.send(post)
    for _ in 0..<4 {
      connection.wait(100)
      try connection.send(" ")
    }
    connection.wait(99)
    #expect(try connection.received().isEmpty)
    connection.wait(1)
    let text = try connection.received()
    #expect(text.contains("408 ") && text.contains("The body did not arrive in time."), "\(text)")
  }

  @Test("a full queue is 503 with Retry-After, and what waits too long is 503")
  func queue() throws {
    let loop = EmbeddedEventLoop()
    var limits = BatchLimits()
    limits.delay = .seconds(60)
    limits.maxQueue = 2
    limits.queueTimeout = .milliseconds(200)
    let batcher = Batcher(
      limits: limits, featureCount: 1, answerWidth: 1, costPerRow: 1, statistics: ModelStatistics()
    ) { _, _ in }
    var refusals: [RequestError?] = []
    for timeout in [nil, TimeAmount.milliseconds(1)] {
      let rows = PreparedRows(features: [1], count: 1)
      guard case .later(let future) = try batcher.submit(rows, timeout: timeout, on: loop) else { continue }
      future.assumeIsolated().whenFailure { refusals.append($0 as? RequestError) }
    }
    let third = #expect(throws: RequestError.self) {
      try batcher.submit(PreparedRows(features: [1], count: 1), on: loop)
    }
    #expect(third?.status == .serviceUnavailable)
    #expect(third?.message == "Exceeds maximum queue size")
    #expect(third?.headers["Retry-After"] == "1")
    for (milliseconds, left) in [(Int64(1), 1), (198, 1), (1, 0)] {
      loop.advanceTime(by: .milliseconds(milliseconds))
      #expect(batcher.queueDepth == left)
      #expect(refusals.count == 2 - left)
    }
    #expect(refusals.allSatisfy { $0?.message == "Request timeout expired" && $0?.status == .serviceUnavailable })
  }
}
