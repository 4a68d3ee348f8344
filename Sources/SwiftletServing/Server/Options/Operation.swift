// SPDX-License-Identifier: Apache-2.0
//
// ServerOptions.Operation: what a server reports, and how it stops.
//
// A setting is a property, and a row of the table below it. ServerSettings.swift tells what follows from a row.
//
// Before    Limits.swift     After    Server/ServerOptions.swift

import SwiftletFormats

extension ServerOptions {
  /// What a server reports, and how it stops.
  public struct Operation: Sendable {
    /// The form of the log.
    public var logFormat = LogFormat.text
    /// Whether every request is logged, and not only those that fail.
    public var logsRequests = false
    /// The other servers under whose names metrics are given as well.
    public var metricsCompatibility: Set<MetricsCompatibility> = []
    /// The media type of answers to /invocations if the request accepts any.
    public var defaultAccept: String?
    /// How long a server that was told to stop still answers, while it says that it is not ready.
    public var drainSeconds = 5
    /// How often the folders of the models are looked at for changes; 0 is never.
    public var reloadSeconds = 2

    static let settings: [Setting<ServerOptions>] = [
      .choice("log_format", \.operation.logFormat, "Log lines for people (text), or one JSON object each (json).")
        .example("json"),
      .truth(
        "log_requests", \.operation.logsRequests, "Log every request, not only those that fail because of the server."
      )
      .example("true"),
      .integer(
        "reload_seconds", \.operation.reloadSeconds, 0...86_400,
        "The seconds between looks at the models' folders; 0 is never."
      )
      .example("10"),
      .integer("drain_seconds", \.operation.drainSeconds, 0...3600, "The seconds to keep answering after SIGTERM.")
        .example("30"),
      Setting(
        "metrics_compat", .names, "Other servers whose names for metrics are served too: triton, mlserver, kserve."
      ) {
        JSONValue($0.operation.metricsCompatibility.map(\.rawValue).sorted())
      } set: {
        $0.operation.metricsCompatibility = Set($1.texts.compactMap(MetricsCompatibility.init))
      }
      .example("triton").requiring("a list of triton, mlserver and kserve") { value in
        value.texts.allSatisfy { MetricsCompatibility(rawValue: $0) != nil }
      },
      .optionalText(
        "default_accept", \.operation.defaultAccept,
        "The media type of /invocations' answers for requests that accept any."
      )
      .example("text/csv").environment(["SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT"]),
    ]
  }
}

/// The forms of the log.
public enum LogFormat: String, Sendable, CaseIterable {
  /// One JSON object a line, for programs.
  case json
  /// Text, for people.
  case text
}

/// Other servers whose names of metrics are served as well, so that their dashboards keep working.
public enum MetricsCompatibility: String, Sendable, CaseIterable {
  /// NVIDIA Triton's: `nv_inference_count` and the like.
  case triton
  /// Seldon MLServer's: `model_infer_request_success_total` and the like.
  case mlserver
  /// KServe's: `request_predict_seconds` and the like.
  case kserve
}
