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
    options.host = host
    options.apiKey = key
    options.allowsLoading = true
    let server = try ModelServer(paths: [folder.path + "/one"], options: options)
    #expect(server.options.allowsLoading == isAllowed && server.responder.options.allowsLoading == isAllowed)
    #expect(server.warnings.isEmpty == (isAllowed || key != nil))
    options.allowsLoading = false
    #expect(try !ModelServer(paths: [folder.path + "/one"], options: options).options.allowsLoading)
  }

  @Test("the limits of batches are those of the options, each its own")
  func limits() {
    var options = ServerOptions()
    options.maxBatchRows = 11
    options.maxBatchDelayMicroseconds = 12
    options.maxQueue = 13
    options.queueTimeoutMilliseconds = 14
    options.requestTimeoutMilliseconds = 15
    options.threadCount = 16
    let limits = BatchLimits(options, pool: .singleton)
    #expect(limits.maxRows == 11 && limits.maxQueue == 13 && limits.maxConcurrent == 16)
    #expect(limits.delay == .microseconds(12))
    #expect(limits.queueTimeout == .milliseconds(14) && limits.requestTimeout == .milliseconds(15))
  }
}
