// SPDX-License-Identifier: Apache-2.0
//
// The health checks of gRPC, which Kubernetes and load balancers ask.
//
//     "", "inference.GRPCInferenceService", "readiness"    whether the server takes requests
//     "liveness"                                           whether it runs
//
// Before    CallDescriptions.swift     After    Protocols/TensorFlow/RowReader.swift
// Source    grpc/grpc, doc/health-checking.md; Kubernetes, "Define a gRPC liveness probe"

import NIOCore
import SwiftletFormats

/// `grpc.health.v1.Health`.
enum HealthService {
  private static let name = "grpc.health.v1.Health"

  static let methods: [GRPCMethod] = [
    GRPCMethod(name, "Check", isOpen: true) { call in
      let status = status(of: try service(call), call.server)
      guard status != .serviceUnknown else { throw RequestError.notFound("This server knows no service of this name.") }
      return .now(message(status))
    },
    GRPCMethod(name, "Watch", .watch, isOpen: true) { call in
      .now(message(status(of: try service(call), call.server)))
    },
  ]

  private enum Status: UInt64 {
    case serving = 1
    case notServing = 2
    case serviceUnknown = 3
  }

  private static func service(_ call: Call) throws -> String {
    try call.request.body.readMessage { reader in
      var service = ""
      while let field = try reader.next() { if field.number == 1 { service = try field.exactText } }
      return service
    }
  }

  private static func status(of service: String, _ server: Responder) -> Status {
    switch service {
    case "liveness": .serving
    case "", "readiness", InferenceService.name, name: server.isReady ? .serving : .notServing
    default: .serviceUnknown
    }
  }

  private static func message(_ status: Status) -> ServerResponse {
    .message { $0.write(1, unsigned: status.rawValue) }
  }
}
