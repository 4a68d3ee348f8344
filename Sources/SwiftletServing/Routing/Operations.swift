// SPDX-License-Identifier: Apache-2.0
//
// Probes under their many names, and metrics.
//
// Before    Protocols/Clouds/Invocation.swift     After    Pages.swift

import NIOCore
import NIOHTTP1
import SwiftletFormats

extension Responder {
  func operation(_ request: ServerRequest, _ route: Route) throws -> ServerResponse {
    switch route.endpoint {
    case .metrics:
      let wantsOpenMetrics = request.accepts("application/openmetrics-text")
      return PrometheusExporter(self).response(openMetrics: wantsOpenMetrics)
    case .livez: return .json(["live": true])
    case .readyz: return readiness
    case .version: return .text(ServerVersion.number)
    default:
      return isReady ? .json(["status": "ok"]) : .json(["status": "unavailable"], .serviceUnavailable)
    }
  }
}
