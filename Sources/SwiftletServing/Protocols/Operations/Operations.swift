// SPDX-License-Identifier: Apache-2.0
//
// Probes under their many names, and metrics.
//
// Before    Protocols/Clouds/ExtraColumns.swift     After    Protocols/Pages/Pages.swift

import SwiftletFormats
import SwiftletModels

/// Probes, and metrics.
enum Operations {
  static let family = RouteFamily("operations", title: "Probes")

  static let routes: [Route] = [
    .get("/health", family, isOpen: true, summary: "Whether the server takes requests") { health($0) },
    .get("/healthz", family, isOpen: true, summary: "Whether the server takes requests") { health($0) },
    .get("/livez", family, isOpen: true, summary: "Whether the server runs") { _ in .json(["live": true]) },
    .get("/readyz", family, isOpen: true, summary: "Whether the server takes requests") { $0.server.readiness },
    .get("/version", family, summary: "The server's version", schema: .text("text/plain; charset=utf-8")) { _ in
      .text(swiftletVersion)
    },
    .get(
      "/metrics", family, summary: "Metrics for Prometheus",
      schema: .text("text/plain; version=0.0.4; charset=utf-8")
    ) { call in
      PrometheusExporter(call.server).response(accepting: call.request.accepted)
    },
  ]

  private static func health(_ call: Call) -> ServerResponse {
    call.server.isReady ? .json(["status": "ok"]) : .json(["status": "unavailable"], .serviceUnavailable)
  }
}
