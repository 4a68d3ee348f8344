// SPDX-License-Identifier: Apache-2.0
//
// What one can choose about a server. Every choice has a flag of `swiftlet serve`.
//
// Before    SwiftletModels     After    ServerState.swift

import NIOCore

/// The settings of a server.
public struct ServerOptions: Sendable {
  // Where it listens.
  public var host = "127.0.0.1"
  public var port = 8080
  /// Event loops: each answers its share of the connections, one request at a time.
  public var threadCount = System.coreCount

  // How requests that wait together share one product.
  public var maxBatchRows = 64
  public var maxBatchDelayMicroseconds = 0
  public var maxQueue = 1024
  public var queueTimeoutMilliseconds = 5000
  public var requestTimeoutMilliseconds = 30_000

  // How much one may ask.
  public var maxBodyBytes = 8 << 20
  public var maxRowsPerRequest = 10_000
  public var maxConnections = 1024
  public var maxHeaderBytes = 16 << 10
  public var maxHeaderCount = 100
  /// A body comes in at most so many pieces: many tiny ones cost more than their bytes.
  public var maxBodyPieces = 65_536
  /// How long a connection may say nothing between two requests, or take over a request's head.
  public var idleTimeoutMilliseconds = 60_000
  /// How long a body may take to arrive.
  public var readTimeoutMilliseconds = 30_000

  // Who may ask.
  /// Names by which the server may be called beyond those that are always allowed; `*` is any.
  public var allowedHosts: [String] = []
  /// The origins whose pages may ask.
  public var corsOrigins: [String] = []
  public var apiKey: String?
  /// Whether models may be loaded and unloaded by request.
  public var allowsLoading = false

  // What it tells.
  public var logFormat = LogFormat.text
  public var logsRequests = false
  public var metricsCompatibility: Set<MetricsCompatibility> = []

  /// The media type of answers to /invocations where the request accepts any.
  public var defaultAccept: String?

  // How it stops.
  public var drainSeconds = 5
  /// How often the folders of the models are looked at for changes; 0 is never.
  public var reloadSeconds = 2

  public init() {}
}

/// How log lines are written.
public enum LogFormat: String, Sendable, CaseIterable { case json, text }

/// Other servers whose metric names are served as well.
public enum MetricsCompatibility: String, Sendable, CaseIterable { case triton, mlserver, kserve }
