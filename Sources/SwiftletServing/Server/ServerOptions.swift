// SPDX-License-Identifier: Apache-2.0
//
// ServerOptions: the settings of a server, as a program sets them. ServerSettings.swift describes them for
// `swiftlet serve`.
//
// Before    SwiftletModels     After    ServerState.swift

import NIOCore

/// The settings of a server.
public struct ServerOptions: Sendable {
  // Where it listens.
  /// The address to listen at; only this machine reaches the default.
  public var host = "127.0.0.1"
  /// The port; 0 takes any that is free.
  public var port = 8080
  /// Event loops: each answers its share of the connections, one request at a time.
  public var threadCount = System.coreCount

  // How requests that wait together share one product.
  /// The largest number of rows that share one product.
  public var maxBatchRows = 64
  /// How long the first request of a batch waits for more, in microseconds.
  public var maxBatchDelayMicroseconds = 0
  /// The largest number of requests that wait for a model; one more is 503.
  public var maxQueue = 1024
  /// A request that waited longer is 503.
  public var queueTimeoutMilliseconds = 5000
  /// An answer that takes longer is 504.
  public var requestTimeoutMilliseconds = 30_000

  // The limits of a request.
  /// A larger body is 413, whether packed or unpacked.
  public var maxBodyBytes = 8 << 20
  /// A request of more rows is 400.
  public var maxRowsPerRequest = 10_000
  /// The most bytes of all open requests' bodies together; one more is 503.
  public var maxTotalBodyBytes = 64 << 20
  /// The most connections at a time; the one that is idle the longest gives way to a new one.
  public var maxConnections = 1024
  /// A longer head is 431.
  public var maxHeaderBytes = 16 << 10
  /// A head of more fields is 431.
  public var maxHeaderCount = 100
  /// The most pieces of a body: many tiny ones cost more than their bytes.
  public var maxBodyPieces = 65_536
  /// How long a connection may be silent between two requests, or read nothing of an answer. Longer than the 60
  /// seconds of AWS's load balancers and nginx, so that the proxy closes first.
  public var idleTimeoutMilliseconds = 75_000
  /// How long a body may take to arrive.
  public var readTimeoutMilliseconds = 30_000

  // Which clients are let in.
  /// Host names of the server, in addition to those that are always allowed; `*` is any.
  public var allowedHosts: [String] = []
  /// The origins whose pages may use the server.
  public var corsOrigins: [String] = []
  /// The bearer token that clients must send, if there is one.
  public var apiKey: String?
  /// Whether models may be loaded and unloaded by request.
  public var allowsLoading = false

  /// Whether /invocations refuses columns that the model does not have; else it ignores and names them.
  public var strictColumns = false

  // What it reports.
  /// The form of the log.
  public var logFormat = LogFormat.text
  /// Whether every request is logged, and not only those that fail.
  public var logsRequests = false
  /// The other servers under whose names metrics are given as well.
  public var metricsCompatibility: Set<MetricsCompatibility> = []

  /// The media type of answers to /invocations if the request accepts any.
  public var defaultAccept: String?

  // How it stops.
  /// How long a server that was told to stop still answers, while it says that it is not ready.
  public var drainSeconds = 5
  /// How often the folders of the models are looked at for changes; 0 is never.
  public var reloadSeconds = 2

  /// The defaults, which are those of `swiftlet serve`.
  public init() {}

  /// The same options, safe for the address: without a key, other machines may not unload models.
  var secured: ServerOptions {
    var options = self
    if !RequestGate.isLoopback(host), apiKey == nil { options.allowsLoading = false }
    return options
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
