// SPDX-License-Identifier: Apache-2.0
//
// Counts of the whole server, by protocol, model, version and status.
//
// A label's value comes from a list of ours or from a loaded model, never from a request: else anyone could
// fill the memory with invented names.
//
// Before    ModelStatistics.swift     After    RequestTrace.swift

import NIOCore
import NIOHTTP1
import Synchronization

/// What happened to requests.
package final class ServerMetrics: Sendable {
  struct Key: Hashable, Sendable {
    let family: String
    let model: String
    let version: String
    let code: UInt
  }

  /// A path as its ``Route`` names it, never as it was asked.
  struct RouteKey: Hashable, Sendable {
    let name: String
    let method: String
    let code: UInt
  }

  struct Counts: Sendable {
    var requests: [Key: Int] = [:]
    var routes: [RouteKey: Int] = [:]
    var durations = Histogram.seconds
    var rejected: [Rejection: Int] = [:]
  }

  private let counts = Mutex(Counts())

  func read() -> Counts { counts.withLock { $0 } }

  func completed(_ exchange: Exchange, _ model: ServedModel?, _ status: HTTPResponseStatus, _ time: TimeAmount) {
    let route = exchange.route
    let method = exchange.request.method
    let key = Key(
      family: (route?.family ?? .other).name, model: model?.name ?? "", version: model?.version ?? "",
      code: status.code)
    counts.withLock { counts in
      counts.requests[key, default: 0] &+= 1
      if let route, route.takes(method) {
        counts.routes[RouteKey(name: route.name, method: method.rawValue, code: status.code), default: 0] &+= 1
      }
      counts.durations.record(time)
    }
  }

  func rejected(_ reason: Rejection) { counts.withLock { $0.rejected[reason, default: 0] &+= 1 } }

  /// A request that was refused before it was whole.
  func refused(_ error: RequestError) {
    let status = error.status
    counts.withLock { counts in
      counts.requests[Key(family: RouteFamily.other.name, model: "", version: "", code: status.code), default: 0] &+= 1
      if status == .payloadTooLarge || status == .requestHeaderFieldsTooLarge {
        counts.rejected[.tooLarge, default: 0] &+= 1
      } else if let reason = error.rejection {
        counts.rejected[reason, default: 0] &+= 1
      }
    }
  }
}
