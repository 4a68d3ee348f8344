// SPDX-License-Identifier: Apache-2.0
//
// The flags of `swiftlet serve`: one for each setting of a server.
//
// Before    Packaging/ModelPackage.swift     After    InspectCommand.swift

import ArgumentParser
import SwiftletFormats
import SwiftletServing

struct AddressOptions: ParsableArguments {
  @Option(help: .server("host"), transform: GivenSetting.server("host")) var host: GivenSetting?
  @Option(help: .server("port"), transform: GivenSetting.server("port")) var port: GivenSetting?
  @Option(help: .server("threads"), transform: GivenSetting.server("threads")) var threads: GivenSetting?

  var given: [GivenSetting?] { [host, port, threads] }
}

struct BatchOptions: ParsableArguments {
  @Option(help: .server("max_batch_rows"), transform: GivenSetting.server("max_batch_rows"))
  var maxBatchRows: GivenSetting?
  @Option(help: .server("max_batch_delay_us"), transform: GivenSetting.server("max_batch_delay_us"))
  var maxBatchDelayUs: GivenSetting?
  @Option(help: .server("max_queue"), transform: GivenSetting.server("max_queue")) var maxQueue: GivenSetting?
  @Option(help: .server("queue_timeout_ms"), transform: GivenSetting.server("queue_timeout_ms"))
  var queueTimeoutMs: GivenSetting?
  @Option(help: .server("request_timeout_ms"), transform: GivenSetting.server("request_timeout_ms"))
  var requestTimeoutMs: GivenSetting?

  var given: [GivenSetting?] { [maxBatchRows, maxBatchDelayUs, maxQueue, queueTimeoutMs, requestTimeoutMs] }
}

struct LimitOptions: ParsableArguments {
  @Option(help: .server("max_body_bytes"), transform: GivenSetting.server("max_body_bytes"))
  var maxBodyBytes: GivenSetting?
  @Option(help: .server("max_body_pieces"), transform: GivenSetting.server("max_body_pieces"))
  var maxBodyPieces: GivenSetting?
  @Option(help: .server("max_rows_per_request"), transform: GivenSetting.server("max_rows_per_request"))
  var maxRowsPerRequest: GivenSetting?
  @Option(help: .server("max_total_body_bytes"), transform: GivenSetting.server("max_total_body_bytes"))
  var maxTotalBodyBytes: GivenSetting?
  @Option(help: .server("max_connections"), transform: GivenSetting.server("max_connections"))
  var maxConnections: GivenSetting?
  @Option(help: .server("max_header_bytes"), transform: GivenSetting.server("max_header_bytes"))
  var maxHeaderBytes: GivenSetting?
  @Option(help: .server("max_header_count"), transform: GivenSetting.server("max_header_count"))
  var maxHeaderCount: GivenSetting?
  @Option(help: .server("idle_timeout_ms"), transform: GivenSetting.server("idle_timeout_ms"))
  var idleTimeoutMs: GivenSetting?
  @Option(help: .server("read_timeout_ms"), transform: GivenSetting.server("read_timeout_ms"))
  var readTimeoutMs: GivenSetting?

  var given: [GivenSetting?] {
    [
      maxBodyBytes, maxBodyPieces, maxRowsPerRequest, maxTotalBodyBytes, maxConnections, maxHeaderBytes, maxHeaderCount,
      idleTimeoutMs,
      readTimeoutMs,
    ]
  }
}

struct AccessOptions: ParsableArguments {
  @Option(help: .server("api_key"), transform: GivenSetting.server("api_key")) var apiKey: GivenSetting?
  @Option(help: .server("allowed_hosts"), transform: GivenSetting.server("allowed_hosts"))
  var allowedHosts: GivenSetting?
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
  @Option(help: .server("log_format"), transform: GivenSetting.server("log_format")) var logFormat: GivenSetting?
  @Flag(help: .server("log_requests")) var logRequests = false
  @Option(help: .server("reload_seconds"), transform: GivenSetting.server("reload_seconds"))
  var reloadSeconds: GivenSetting?
  @Option(help: .server("drain_seconds"), transform: GivenSetting.server("drain_seconds"))
  var drainSeconds: GivenSetting?
  @Option(help: .server("metrics_compat"), transform: GivenSetting.server("metrics_compat"))
  var metricsCompat: GivenSetting?
  @Option(help: .server("default_accept"), transform: GivenSetting.server("default_accept"))
  var defaultAccept: GivenSetting?

  var given: [GivenSetting?] {
    [
      logFormat, logRequests ? .server("log_requests")("true") : nil, reloadSeconds, drainSeconds, metricsCompat,
      defaultAccept,
    ]
  }
}
