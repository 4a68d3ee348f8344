// SPDX-License-Identifier: Apache-2.0
//
// The flags of `swiftlet serve`: a line for each setting of a server.
//
// Before    Portfolio/Parts/CommandsPart.swift     After    InspectCommand.swift

import ArgumentParser
import SwiftletFormats
import SwiftletServing

/// A group of flags; `maxQueue` gives the setting `max_queue`.
protocol ServerFlags: ParsableArguments {}

extension ServerFlags {
  /// The settings that were given, in the order of the flags.
  var given: [GivenSetting] {
    Mirror(reflecting: self).children.compactMap { label, flag in
      switch flag {
      case let option as Option<GivenSetting?>: option.wrappedValue
      case let option as Option<[GivenSetting]>: joined(option.wrappedValue)
      case let flag as Flag<Bool>: flag.wrappedValue ? .server(key(label ?? ""))("true") : nil
      default: nil
      }
    }
  }

  /// A flag that was given several times is one setting with all its values.
  private func joined(_ several: [GivenSetting]) -> GivenSetting? {
    several.first.map { GivenSetting.server($0.key)(several.compactMap(\.value.string).joined(separator: ",")) }
  }

  /// The key of a property, whose storage is called `_allowLoad`: `allow_load`.
  private func key(_ label: String) -> String {
    label.dropFirst().map { $0.isUppercase ? "_" + $0.lowercased() : String($0) }.joined()
  }
}

struct AddressFlags: ServerFlags {
  @Option(server: "host") var host: GivenSetting?
  @Option(server: "port") var port: GivenSetting?
  @Option(server: "grpc_port") var grpcPort: GivenSetting?
  @Option(server: "threads") var threads: GivenSetting?
}

struct BatchFlags: ServerFlags {
  @Option(server: "max_batch_rows") var maxBatchRows: GivenSetting?
  @Option(server: "max_batch_delay_us") var maxBatchDelayUs: GivenSetting?
  @Option(server: "max_queue") var maxQueue: GivenSetting?
  @Option(server: "queue_timeout_ms") var queueTimeoutMs: GivenSetting?
  @Option(server: "request_timeout_ms") var requestTimeoutMs: GivenSetting?
}

struct LimitFlags: ServerFlags {
  @Option(server: "max_body_bytes") var maxBodyBytes: GivenSetting?
  @Option(server: "max_body_pieces") var maxBodyPieces: GivenSetting?
  @Option(server: "max_rows_per_request") var maxRowsPerRequest: GivenSetting?
  @Option(server: "max_total_body_bytes") var maxTotalBodyBytes: GivenSetting?
  @Option(server: "max_connections") var maxConnections: GivenSetting?
  @Option(server: "max_header_bytes") var maxHeaderBytes: GivenSetting?
  @Option(server: "max_header_count") var maxHeaderCount: GivenSetting?
  @Option(server: "idle_timeout_ms") var idleTimeoutMs: GivenSetting?
  @Option(server: "read_timeout_ms") var readTimeoutMs: GivenSetting?
}

struct AccessFlags: ServerFlags {
  @Option(server: "api_key") var apiKey: GivenSetting?
  @Option(server: "allowed_hosts") var allowedHosts: GivenSetting?
  @Option(help: .server("cors_origin"), transform: GivenSetting.server("cors_origin")) var corsOrigin: [GivenSetting] =
    []
  @Flag(help: .server("strict_columns")) var strictColumns = false
  @Flag(help: .server("allow_load")) var allowLoad = false
}

struct OperationFlags: ServerFlags {
  @Option(server: "log_format") var logFormat: GivenSetting?
  @Flag(help: .server("log_requests")) var logRequests = false
  @Option(server: "reload_seconds") var reloadSeconds: GivenSetting?
  @Option(server: "drain_seconds") var drainSeconds: GivenSetting?
  @Option(server: "metrics_compat") var metricsCompat: GivenSetting?
  @Option(server: "default_accept") var defaultAccept: GivenSetting?
}
