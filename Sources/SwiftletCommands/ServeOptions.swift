// SPDX-License-Identifier: Apache-2.0
//
// The flags of `swiftlet serve`: one for each setting of a server.
//
// Before    Packaging/ModelPackage.swift     After    InspectCommand.swift

import ArgumentParser
import SwiftletFormats
import SwiftletServing

struct AddressOptions: ParsableArguments {
  @Option(server: "host") var host: GivenSetting?
  @Option(server: "port") var port: GivenSetting?
  @Option(server: "threads") var threads: GivenSetting?

  var given: [GivenSetting?] { [host, port, threads] }
}

struct BatchOptions: ParsableArguments {
  @Option(server: "max_batch_rows") var maxBatchRows: GivenSetting?
  @Option(server: "max_batch_delay_us") var maxBatchDelayUs: GivenSetting?
  @Option(server: "max_queue") var maxQueue: GivenSetting?
  @Option(server: "queue_timeout_ms") var queueTimeoutMs: GivenSetting?
  @Option(server: "request_timeout_ms") var requestTimeoutMs: GivenSetting?

  var given: [GivenSetting?] { [maxBatchRows, maxBatchDelayUs, maxQueue, queueTimeoutMs, requestTimeoutMs] }
}

struct LimitOptions: ParsableArguments {
  @Option(server: "max_body_bytes") var maxBodyBytes: GivenSetting?
  @Option(server: "max_body_pieces") var maxBodyPieces: GivenSetting?
  @Option(server: "max_rows_per_request") var maxRowsPerRequest: GivenSetting?
  @Option(server: "max_total_body_bytes") var maxTotalBodyBytes: GivenSetting?
  @Option(server: "max_connections") var maxConnections: GivenSetting?
  @Option(server: "max_header_bytes") var maxHeaderBytes: GivenSetting?
  @Option(server: "max_header_count") var maxHeaderCount: GivenSetting?
  @Option(server: "idle_timeout_ms") var idleTimeoutMs: GivenSetting?
  @Option(server: "read_timeout_ms") var readTimeoutMs: GivenSetting?

  var given: [GivenSetting?] {
    [
      maxBodyBytes, maxBodyPieces, maxRowsPerRequest, maxTotalBodyBytes, maxConnections, maxHeaderBytes, maxHeaderCount,
      idleTimeoutMs,
      readTimeoutMs,
    ]
  }
}

struct AccessOptions: ParsableArguments {
  @Option(server: "api_key") var apiKey: GivenSetting?
  @Option(server: "allowed_hosts") var allowedHosts: GivenSetting?
  @Option(help: .server("cors_origin"), transform: GivenSetting.server("cors_origin")) var corsOrigin: [GivenSetting] =
    []
  @Flag(help: .server("strict_columns")) var strictColumns = false
  @Flag(help: .server("allow_load")) var allowLoad = false

  /// Several origins are one setting.
  private var origins: GivenSetting? {
    corsOrigin.isEmpty
      ? nil : GivenSetting.server("cors_origin")(corsOrigin.compactMap(\.value.string).joined(separator: ","))
  }

  var given: [GivenSetting?] {
    [
      apiKey, allowedHosts, origins, strictColumns ? .server("strict_columns")("true") : nil,
      allowLoad ? .server("allow_load")("true") : nil,
    ]
  }
}

struct OperationOptions: ParsableArguments {
  @Option(server: "log_format") var logFormat: GivenSetting?
  @Flag(help: .server("log_requests")) var logRequests = false
  @Option(server: "reload_seconds") var reloadSeconds: GivenSetting?
  @Option(server: "drain_seconds") var drainSeconds: GivenSetting?
  @Option(server: "metrics_compat") var metricsCompat: GivenSetting?
  @Option(server: "default_accept") var defaultAccept: GivenSetting?

  var given: [GivenSetting?] {
    [
      logFormat, logRequests ? .server("log_requests")("true") : nil, reloadSeconds, drainSeconds, metricsCompat,
      defaultAccept,
    ]
  }
}
