// SPDX-License-Identifier: Apache-2.0
//
// What HTTP/2's connections share with all others: memory, places, and the log.

import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import Testing

@testable import SwiftletServing

@Suite("The room that HTTP/2 has")
struct HTTP2RoomTests {
  private let predict = "/v1/models/flowers:predict"
  private let rows = #"{"instances":[[1,5,2]]}"#

  @Test("bodies share one budget with each other, and give it back")
  func budget() throws {
    let pair = try Pair { $0.limits.maxTotalBodyBytes = 300_000 }
    let budget = pair.server.responder.budget
    func begun() throws -> HTTP2StreamID {
      let id = pair.begin("POST", predict)
      for _ in 0..<12 where pair.answers[id] == nil {
        pair.body(String(repeating: " ", count: 16_000), on: id, isLast: false)
        try pair.exchange()
      }
      return id
    }
    let share = 12 * 16_000 - BodyBudget.free
    let answered = try begun()
    #expect(budget.usedBytes == share)
    let takenBack = try begun()
    #expect(budget.usedBytes == 2 * share)
    let refused = try begun()
    #expect(pair.answers[refused]?.status == "503")
    #expect(pair.answers[refused]?.fields.first(name: "retry-after") == "1")
    #expect(budget.usedBytes == 2 * share)
    let small = pair.begin("POST", predict)
    pair.body(rows, on: small)
    pair.body(rows, on: answered)
    try pair.exchange()
    #expect(pair.answers[small]?.status == "200")
    #expect(pair.answers[answered]?.status == "200")
    #expect(budget.usedBytes == share)
    pair.send(.rstStream(.cancel), on: takenBack)
    try pair.exchange()
    #expect(budget.usedBytes == 0)
  }

  @Test("every refusal is in the log, with who was refused")
  func refusalsAreLogged() throws {
    let lines = Lines()
    let pair = try Pair(logger: lines.logger) {
      $0.operation.logsRequests = true
      $0.limits.maxHeaderCount = 20
      $0.limits.maxBodyBytes = 1000
    }
    _ = pair.begin("POST", predict, ["content-length": "9000000"])
    _ = pair.begin("GET", "/v2", HPACKHeaders((0..<30).map { ("x-\($0)", "1") }), isWhole: true)
    let long = pair.begin("POST", predict)
    pair.body(String(repeating: " ", count: 2000), on: long)
    _ = pair.begin("POST", predict)
    try pair.exchange()
    try pair.wait(500)
    #expect(lines.all.map { $0["status"]?.description } == ["413", "431", "413", "408"])
    #expect(lines.all.allSatisfy { $0["client"]?.description == "127.0.0.1:1" })
  }

  @Test("a connection has one place, gives way while it is idle, and is extra where all others are busy")
  func seats() throws {
    let options = StillConnection.options { $0.limits.maxConnections = 1 }
    let server = try TestServer(
      [TestModels.numbers()], options: options, pool: NIOThreadPool(numberOfThreads: 1))
    let idle = try Pair(of: server)
    #expect(try idle.get("/v2").status == "200")
    #expect(idle.isOpen && server.responder.connections.count == 1)
    let busy = try Pair(of: server)
    try idle.exchange()
    #expect(idle.hasGoneAway && !idle.isOpen)
    let id = busy.begin("POST", predict)
    try busy.exchange()
    let probing = try Pair(of: server)
    #expect(try probing.get("/v2/health/live").status == "200")
    #expect(probing.hasGoneAway && !probing.isOpen)
    let asking = try Pair(of: server)
    let refusal = try asking.get("/v2")
    #expect(refusal.status == "503" && refusal.fields.first(name: "retry-after") == "1")
    let silent = try Pair(of: server)
    try silent.wait(1999)
    #expect(silent.isOpen)
    try silent.wait(1)
    #expect(!silent.isOpen)
    busy.body(rows, on: id)
    try busy.exchange()
    #expect(busy.answers[id]?.status == "200" && busy.isOpen)
  }
}
