// SPDX-License-Identifier: Apache-2.0
//
// RequestLog: a line for a request. Never its body, which may be private.
//
// Failures of the server are always logged, other requests only with --log-requests: a line for every request costs
// more than the answer of a small model.
//
// Before    RequestTrace.swift     After    LogHandlers.swift

import Logging
import NIOCore
import NIOHTTP1
import SwiftletModels

struct RequestLog: Sendable {
  let logger: Logger
  let logsAll: Bool

  func completed(
    _ exchange: Exchange, _ response: ServerResponse, _ time: TimeAmount, streamed: (byteCount: Int, isWhole: Bool)?
  ) {
    let isOurs = response.status.code >= 500 && response.status != .serviceUnavailable
    guard logsAll || isOurs else { return }
    let request = exchange.request
    let trace = exchange.trace
    var metadata: Logger.Metadata = [
      "request_id": "\(trace.requestId)", "method": "\(request.method.rawValue)",
      "route": "\(exchange.route?.name ?? "none")", "status": .stringConvertible(response.status.code),
      "duration_ms": .stringConvertible(milliseconds(time)), "bytes_in": .stringConvertible(request.body.readableBytes),
      "bytes_out": .stringConvertible(streamed?.byteCount ?? response.body.readableBytes),
    ]
    if let client = request.client { metadata["client"] = "\(RequestLog.name(of: client))" }
    if let model = exchange.match?.path.model, isServable(name: model) { metadata["model"] = "\(model)" }
    if streamed?.isWhole == false { metadata["is_whole"] = "false" }
    if let traceId = trace.traceId { metadata["trace_id"] = "\(traceId)" }
    if let parentId = trace.parentId { metadata["span_id"] = "\(parentId)" }
    if let inference = response.inference {
      metadata["queue_ms"] = .stringConvertible(milliseconds(inference.queue))
      metadata["batch_rows"] = .stringConvertible(inference.batchRows)
    }
    logger.log(level: isOurs ? .error : .info, "request", metadata: metadata)
  }

  /// A request that was refused before it was whole, and so has no route and no id.
  func refused(_ error: RequestError, _ method: HTTPMethod?, from client: SocketAddress?) {
    guard logsAll else { return }
    var metadata: Logger.Metadata = [
      "status": .stringConvertible(error.status.code), "route": "none", "error": "\(error.message)",
    ]
    if let client { metadata["client"] = "\(RequestLog.name(of: client))" }
    if let method { metadata["method"] = "\(method.rawValue)" }
    logger.info("refused", metadata: metadata)
  }

  /// `127.0.0.1:50000`.
  private static func name(of client: SocketAddress) -> String {
    let port = client.port.map(String.init) ?? ""
    guard let address = client.ipAddress else { return "local" }
    return address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
  }

  private func milliseconds(_ time: TimeAmount) -> Double { Double(time.nanoseconds / 1000) / 1000 }
}
