// SPDX-License-Identifier: Apache-2.0
//
// The settings of a server, listed once: from this table come the flags of `swiftlet serve`, its environment variables,
// the keys of its file and its help.
//
// `max_queue` is `--max-queue`, `$SWIFTLET_MAX_QUEUE`, and `max_queue:` in the file of `--config`. A flag wins over the
// environment, the environment over the file, and the file over the default.
//
// Before    Playground/PlaygroundDescription.swift     After    -

import NIOCore
import SwiftletFormats

extension ServerOptions {
  /// Every setting, in the order of `swiftlet serve --help`.
  package static let settings = SettingTable<ServerOptions>(
    "configuration",
    (addressSettings + batchSettings + limitSettings + accessSettings + operationSettings).map { setting in
      setting.flag().environment(["SWIFTLET_" + setting.key.uppercased()] + setting.environment)
    })

  private static let addressSettings: [Setting<ServerOptions>] = [
    .text("host", \.host, "The address to listen on; 0.0.0.0 is every network of this machine.")
      .example("0.0.0.0").requiring("an address such as 127.0.0.1") { $0 != "" },
    .integer("port", \.port, 0...65_535, "The port to listen on; 0 is any that is free.")
      .example("9000").environment(["AIP_HTTP_PORT", "SAGEMAKER_BIND_TO_PORT", "PORT"]),
    Setting("threads", .integer(0...256, zero: "auto"), "The number of threads that answer; auto is one for each core.")
    {
      $0.threadCount == System.coreCount ? "auto" : JSONValue($0.threadCount)
    } set: { options, value in
      options.threadCount = value == 0 ? System.coreCount : value.integer ?? 1
    }
    .example("3"),
  ]

  private static let batchSettings: [Setting<ServerOptions>] = [
    .integer(
      "max_batch_rows", \.maxBatchRows, 1...1_000_000, "The most rows of waiting requests that are answered together."
    )
    .example("256"),
    .integer(
      "max_batch_delay_us", \.maxBatchDelayMicroseconds, 0...60_000_000,
      "The microseconds a request waits for others to share its batch; 0 takes only those that are waiting already."
    )
    .example("500"),
    .integer("max_queue", \.maxQueue, 1...1_000_000, "The most requests that wait for one model; one more gets 503.")
      .example("100"),
    .integer(
      "queue_timeout_ms", \.queueTimeoutMilliseconds, 1...3_600_000,
      "The milliseconds a request may wait for its turn; then it gets 503."
    )
    .example("1000"),
    .integer(
      "request_timeout_ms", \.requestTimeoutMilliseconds, 1...3_600_000,
      "The milliseconds a request may take in total; then it gets 504."
    )
    .example("10000"),
  ]

  private static let limitSettings: [Setting<ServerOptions>] = [
    .integer(
      "max_body_bytes", \.maxBodyBytes, 1...1 << 30,
      "The most bytes of a body, packed or unpacked; a larger one gets 413."
    )
    .example("1000000"),
    .integer("max_body_pieces", \.maxBodyPieces, 1...10_000_000, "The most pieces in which a body may arrive.")
      .example("1000"),
    .integer("max_rows_per_request", \.maxRowsPerRequest, 1...10_000_000, "The most rows in a request.")
      .example("100"),
    .integer(
      "max_total_body_bytes", \.maxTotalBodyBytes, 1...1 << 40,
      "The most bytes of all open requests' bodies together; one more gets 503."
    )
    .example("16000000"),
    .integer(
      "max_connections", \.maxConnections, 1...1_000_000,
      "The most connections at a time; the one that is idle the longest gives way to another."
    )
    .example("100"),
    .integer("max_header_bytes", \.maxHeaderBytes, 256...1 << 20, "The most bytes before a body; more get 431.")
      .example("8192"),
    .integer("max_header_count", \.maxHeaderCount, 1...10_000, "The most header fields of a request; more get 431.")
      .example("50"),
    .integer(
      "idle_timeout_ms", \.idleTimeoutMilliseconds, 1...86_400_000,
      "The milliseconds a connection may be silent between requests, or read nothing of an answer."
    )
    .example("30000"),
    .integer(
      "read_timeout_ms", \.readTimeoutMilliseconds, 1...86_400_000,
      "The milliseconds a body may take to arrive; then it gets 408."
    )
    .example("10000"),
  ]

  private static let accessSettings: [Setting<ServerOptions>] = [
    .optionalText("api_key", \.apiKey, "A key that every request except probes must send.")
      .example("5ecret").requiring("a key that is not empty") { $0 != "" },
    .names("allowed_hosts", \.allowedHosts, "More host names of the server; * is any.")
      .example("models.example.com"),
    .names("cors_origin", \.corsOrigins, "The origins whose pages may use the server.")
      .example("https://example.com")
      .requiring("a scheme and a host, such as https://example.com") { value in
        value.texts.allSatisfy { origin in
          let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
          let isOrigin = parts.count == 3 || parts.count == 4 && parts[3] == ""  // a slash is said at the start
          return isOrigin && ["http:", "https:"].contains(parts[0]) && parts[1] == "" && parts[2] != ""
        }
      },
    .truth(
      "strict_columns", \.strictColumns,
      "Refuse columns that the model does not have, which /invocations otherwise ignores and names."
    )
    .example("true"),
    .truth("allow_load", \.allowsLoading, "Let requests load and unload models.").example("true"),
  ]

  private static let operationSettings: [Setting<ServerOptions>] = [
    .choice("log_format", \.logFormat, "Log lines for people (text), or one JSON object each (json).")
      .example("json"),
    .truth("log_requests", \.logsRequests, "Log every request, not only those that fail because of the server.")
      .example("true"),
    .integer(
      "reload_seconds", \.reloadSeconds, 0...86_400, "The seconds between looks at the models' folders; 0 is never."
    )
    .example("10"),
    .integer("drain_seconds", \.drainSeconds, 0...3600, "The seconds to keep answering after SIGTERM.")
      .example("30"),
    Setting("metrics_compat", .names, "Other servers whose names for metrics are served too: triton, mlserver, kserve.")
    {
      JSONValue($0.metricsCompatibility.map(\.rawValue).sorted())
    } set: {
      $0.metricsCompatibility = Set($1.texts.compactMap(MetricsCompatibility.init))
    }
    .example("triton").requiring("a list of triton, mlserver and kserve") { value in
      value.texts.allSatisfy { MetricsCompatibility(rawValue: $0) != nil }
    },
    .optionalText(
      "default_accept", \.defaultAccept, "The media type of /invocations' answers for requests that accept any."
    )
    .example("text/csv").environment(["SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT"]),
  ]

  /// Lays the environment over the options: `$SWIFTLET_MAX_QUEUE`, or the names that a setting has elsewhere.
  ///
  /// - Returns: A sentence for each variable that was ignored.
  /// - Throws: `SettingError` for a value that is not allowed.
  package mutating func read(environment: [String: String]) throws -> [String] {
    var notes: [String] = []
    for setting in ServerOptions.settings.settings {
      for name in setting.environment {
        guard let text = environment[name], !text.isEmpty else { continue }
        if text.hasPrefix("tcp://") {
          notes.append("$\(name) is \(text), which Kubernetes sets for a service of that name; it is ignored.")
          continue
        }
        try setting.apply(setting.kind.value(of: text), to: &self, calledAs: "$" + name)
        break
      }
    }
    return notes
  }
}
