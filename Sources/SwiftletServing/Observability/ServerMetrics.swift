// SPDX-License-Identifier: Apache-2.0
//
// Counts of the whole server, by protocol, model, version and status.
//
// A label's value comes from a fixed list or from a loaded model, never from a request: otherwise any client could
// fill the memory with invented names.
//
// Before    ModelStatistics.swift     After    RequestTrace.swift

import NIOCore
import NIOHTTP1
import Synchronization

/// The outcomes of requests.
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

  private let counts = Mutex((all: Counts(), last: Repeated?.none))

  func read() -> Counts {
    counts.withLock { counts in
      counts.last?.add(to: &counts.all)
      counts.last = nil
      return counts.all
    }
  }

  func completed(_ exchange: Exchange, _ model: ServedModel?, _ status: HTTPResponseStatus, _ time: TimeAmount) {
    let method = exchange.request.method
    counts.withLock { counts in
      counts.all.durations.record(time)
      if counts.last?.isAnother(exchange.route, method, model, status.code) == true { return }
      counts.last?.add(to: &counts.all)
      counts.last = Repeated(
        route: exchange.route, method: method, model: model?.name ?? "", version: model?.version ?? "",
        code: status.code)
    }
  }

  /// Requests alike, one after the other: most are, and looking each of them up costs more than counting it.
  private struct Repeated: Sendable {
    let route: Route?
    let method: HTTPMethod
    let model: String
    let version: String
    let code: UInt
    private var count = 1

    init(route: Route?, method: HTTPMethod, model: String, version: String, code: UInt) {
      self.route = route
      self.method = method
      self.model = model
      self.version = version
      self.code = code
    }

    /// Counts a request if it is like those before it.
    mutating func isAnother(_ route: Route?, _ method: HTTPMethod, _ model: ServedModel?, _ code: UInt) -> Bool {
      guard route === self.route, code == self.code, method == self.method, (model?.name ?? "") == self.model,
        (model?.version ?? "") == version
      else { return false }
      count &+= 1
      return true
    }

    func add(to counts: inout Counts) {
      let family = (route?.family ?? .other).name
      counts.requests[Key(family: family, model: model, version: version, code: code), default: 0] &+= count
      guard let route, route.takes(method) else { return }
      counts.routes[RouteKey(name: route.name, method: method.rawValue, code: code), default: 0] &+= count
    }
  }

  func rejected(_ reason: Rejection) { counts.withLock { $0.all.rejected[reason, default: 0] &+= 1 } }

  /// A request that was refused before it was whole.
  func refused(_ error: RequestError) {
    let status = error.status
    let key = Key(family: RouteFamily.other.name, model: "", version: "", code: status.code)
    counts.withLock { counts in
      counts.all.requests[key, default: 0] &+= 1
      if status == .payloadTooLarge || status == .requestHeaderFieldsTooLarge {
        counts.all.rejected[.tooLarge, default: 0] &+= 1
      } else if let reason = error.rejection {
        counts.all.rejected[reason, default: 0] &+= 1
      }
    }
  }
}
