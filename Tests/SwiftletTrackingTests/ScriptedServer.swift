// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import Synchronization

/// A server on loopback that answers as MLflow does, and remembers what it was asked. It takes one request a connection.
final class ScriptedServer: Sendable {
  struct Request: Sendable {
    var method = ""
    var path = ""
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    var status = 0
    var json: JSONValue? { try? JSONValue.parse(body[...], name: "body") }
  }

  private struct State {
    var asked: [Request] = []
    var isBroken = false
    var refused: String?
    var runCount = 0
    var history: [JSONValue] = []
  }

  let url: String
  private let socketNumber: Int32
  private let state = Mutex(State())
  private let hasEnded = DispatchSemaphore(value: 0)

  var asked: [Request] { state.withLock { $0.asked } }
  /// Whether every answer is 503.
  var isBroken: Bool {
    get { state.withLock { $0.isBroken } }
    set { state.withLock { $0.isBroken = newValue } }
  }
  /// The end of a path that is answered with 400.
  var refused: String? {
    get { state.withLock { $0.refused } }
    set { state.withLock { $0.refused = newValue } }
  }

  /// The pages of a curve, each given once.
  var history: [JSONValue] {
    get { state.withLock { $0.history } }
    set { state.withLock { $0.history = newValue } }
  }

  init() throws {
    #if canImport(Glibc)
      socketNumber = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      socketNumber = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let number = socketNumber
    let code = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(number, $0, length) | listen(number, 64) | getsockname(number, $0, &length)
      }
    }
    guard code == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
    Thread.detachNewThread { self.serve() }
  }

  /// Ends the server.
  ///
  /// - Returns: What it was asked.
  func end() -> [Request] {
    shutdown(socketNumber, Int32(SHUT_RDWR))
    hasEnded.wait()
    return asked
  }

  private func serve() {
    defer {
      close(socketNumber)
      hasEnded.signal()
    }
    while true {
      let connection = accept(socketNumber, nil, nil)
      guard connection >= 0 else { return }
      defer { close(connection) }
      guard var request = read(connection) else { continue }
      let (status, answer) = answer(to: request)
      request.status = status
      state.withLock { $0.asked.append(request) }
      let text = answer.encoded()
      let head = "HTTP/1.1 \(status) X\r\nContent-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n"
      let bytes = Array((head + text).utf8)
      _ = bytes.withUnsafeBytes { write(connection, $0.baseAddress, $0.count) }
    }
  }

  private func read(_ connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    func more() -> Bool {
      let count = Foundation.read(connection, &buffer, buffer.count)
      guard count > 0 else { return false }
      bytes += buffer[..<count]
      return true
    }
    var end: Int?
    while end == nil {
      guard more() else { return nil }
      end = bytes.indices.first { bytes[$0...].starts(with: [13, 10, 13, 10]) }
    }
    guard let end else { return nil }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ").map(String.init)
    var request = Request(method: words[0], path: words[1])
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
      request.headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
    }
    let length = request.headers["content-length"].flatMap { Int($0) } ?? 0
    while bytes.count < end + 4 + length { guard more() else { return nil } }
    request.body = Array(bytes[(end + 4)...])
    return request
  }

  private func answer(to request: Request) -> (status: Int, body: JSONValue) {
    state.withLock { state in
      if state.isBroken { return (503, [:]) }
      if let refused = state.refused, request.path.hasSuffix(refused) {
        return (400, ["error_code": "INVALID_PARAMETER_VALUE", "message": "no thanks"])
      }
      if request.path.contains("get-by-name?experiment_name=iris") {
        return (404, ["error_code": "RESOURCE_DOES_NOT_EXIST", "message": "No such experiment"])
      }
      func run(_ number: Int) -> JSONValue {
        [
          "info": [
            "run_id": .string("R\(number)"), "artifact_uri": .string("mlflow-artifacts:/3/R\(number)/artifacts"),
          ]
        ]
      }
      if request.path.contains("metrics/get-history?"), !state.history.isEmpty {
        return (200, state.history.removeFirst())
      }
      switch request.path.components(separatedBy: "mlflow/").last {
      case "experiments/create": return (200, ["experiment_id": "3"])
      case "runs/create":
        state.runCount += 1
        return (200, ["run": run(state.runCount)])
      case "runs/search": return (200, ["runs": .array(state.runCount > 0 ? [run(state.runCount)] : [])])
      case "registered-models/create":
        return (400, ["error_code": "RESOURCE_ALREADY_EXISTS", "message": "there already"])
      default: return (200, [:])
      }
    }
  }
}
