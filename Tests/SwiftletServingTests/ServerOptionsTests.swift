// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Testing

@testable import SwiftletServing

/// What the options do to a server.
@Suite("Options of a server")
struct ServerOptionsTests {
  @Test(
    "beyond this machine, models are loaded by request only with a key",
    arguments: [
      ("127.0.0.1", nil, true), ("localhost", nil, true), ("0.0.0.0", nil, false), ("0.0.0.0", "5ecret", true),
      ("192.168.1.5", nil, false),
    ] as [(String, String?, Bool)])
  func loading(host: String, key: String?, isAllowed: Bool) throws {
    let folder = try TemporaryFolder()
    try TestModels.numbers(name: "one").save(to: folder.path + "/one")
    var options = ServerOptions()
    options.address.host = host
    options.access.apiKey = key
    options.access.allowsLoading = true
    let server = try ModelServer(paths: [folder.path + "/one"], options: options)
    #expect(
      server.options.access.allowsLoading == isAllowed && server.responder.options.access.allowsLoading == isAllowed)
    #expect(server.warnings.isEmpty == (isAllowed || key != nil))
    options.access.allowsLoading = false
    #expect(try !ModelServer(paths: [folder.path + "/one"], options: options).options.access.allowsLoading)
  }

  @Test("the limits of batches are those of the options, each its own")
  func limits() {
    var options = ServerOptions()
    options.batching.maxRows = 11
    options.batching.maxDelayMicroseconds = 12
    options.batching.maxQueue = 13
    options.batching.queueTimeoutMilliseconds = 14
    options.batching.requestTimeoutMilliseconds = 15
    options.address.threadCount = 16
    let limits = BatchLimits(options, pool: .singleton)
    #expect(limits.maxRows == 11 && limits.maxQueue == 13 && limits.maxConcurrent == 16)
    #expect(limits.delay == .microseconds(12))
    #expect(limits.queueTimeout == .milliseconds(14) && limits.requestTimeout == .milliseconds(15))
  }
}
