// SPDX-License-Identifier: Apache-2.0
//
// The flags of `swiftlet serve`. Those that are not given leave the server's own settings as they are.
//
// Before    ServeCommand.swift     After    InspectCommand.swift

import ArgumentParser
import SwiftletServing

struct AddressOptions: ParsableArguments {
  @Option(help: "The address to listen on (default: $SWIFTLET_HOST, else 127.0.0.1; 0.0.0.0 is every network).")
  var host: String?
  @Option(
    help:
      "The port (default: $SWIFTLET_PORT, $AIP_HTTP_PORT, $SAGEMAKER_BIND_TO_PORT, $PORT, else 8080; 0 is any free one)."
  )
  var port: Int?
  @Option(help: "Threads that answer (default: one for each core).") var threads: Int?

  func validate() throws {
    if let port { try require(port, in: 0...65_535, "--port") }
    if let threads { try require(threads, in: 1...256, "--threads") }
  }

  func apply(to options: inout ServerOptions, _ environment: [String: String]) throws {
    options.host = host ?? environment["SWIFTLET_HOST"].flatMap { $0.isEmpty ? nil : $0 } ?? options.host
    let names = ["SWIFTLET_PORT", "AIP_HTTP_PORT", "SAGEMAKER_BIND_TO_PORT", "PORT"]
    if let port {
      options.port = port
    } else if let name = names.first(where: { environment[$0]?.isEmpty == false }) {
      guard let port = environment[name].flatMap({ Int($0) }), (0...65_535).contains(port) else {
        throw ValidationError("$\(name) must be a port from 0 to 65535, not \"\(environment[name] ?? "")\".")
      }
      options.port = port
    }
    options.threadCount = threads ?? options.threadCount
  }
}

struct BatchOptions: ParsableArguments {
  @Option(help: "A batch takes waiting requests up to so many rows.") var maxBatchRows: Int?
  @Option(help: "Microseconds that a request waits for others; 0 takes only those that wait already.")
  var maxBatchDelayUs: Int?
  @Option(help: "Requests that may wait for one model; more get 503.") var maxQueue: Int?
  @Option(help: "Milliseconds that a request may wait; then 503.") var queueTimeoutMs: Int?
  @Option(help: "Milliseconds that a request may take; then 504.") var requestTimeoutMs: Int?

  func validate() throws {
    if let maxBatchRows { try require(maxBatchRows, in: 1...1_000_000, "--max-batch-rows") }
    if let maxBatchDelayUs { try require(maxBatchDelayUs, in: 0...60_000_000, "--max-batch-delay-us") }
    if let maxQueue { try require(maxQueue, in: 1...1_000_000, "--max-queue") }
    if let queueTimeoutMs { try require(queueTimeoutMs, in: 1...3_600_000, "--queue-timeout-ms") }
    if let requestTimeoutMs { try require(requestTimeoutMs, in: 1...3_600_000, "--request-timeout-ms") }
  }

  func apply(to options: inout ServerOptions) {
    options.maxBatchRows = maxBatchRows ?? options.maxBatchRows
    options.maxBatchDelayMicroseconds = maxBatchDelayUs ?? options.maxBatchDelayMicroseconds
    options.maxQueue = maxQueue ?? options.maxQueue
    options.queueTimeoutMilliseconds = queueTimeoutMs ?? options.queueTimeoutMilliseconds
    options.requestTimeoutMilliseconds = requestTimeoutMs ?? options.requestTimeoutMilliseconds
  }
}

struct LimitOptions: ParsableArguments {
  @Option(help: "Bytes of a body, before and after it is inflated; more get 413.") var maxBodyBytes: Int?
  @Option(help: "Rows in a request.") var maxRowsPerRequest: Int?
  @Option(help: "Connections at a time; others wait to be accepted.") var maxConnections: Int?
  @Option(help: "Milliseconds that a connection may be silent between requests.") var idleTimeoutMs: Int?
  @Option(help: "Milliseconds that a body may take to arrive; then 408.") var readTimeoutMs: Int?

  func validate() throws {
    if let maxBodyBytes { try require(maxBodyBytes, in: 1...1 << 30, "--max-body-bytes") }
    if let maxRowsPerRequest { try require(maxRowsPerRequest, in: 1...10_000_000, "--max-rows-per-request") }
    if let maxConnections { try require(maxConnections, in: 1...1_000_000, "--max-connections") }
    if let idleTimeoutMs { try require(idleTimeoutMs, in: 1...86_400_000, "--idle-timeout-ms") }
    if let readTimeoutMs { try require(readTimeoutMs, in: 1...86_400_000, "--read-timeout-ms") }
  }

  func apply(to options: inout ServerOptions) {
    options.maxBodyBytes = maxBodyBytes ?? options.maxBodyBytes
    options.maxRowsPerRequest = maxRowsPerRequest ?? options.maxRowsPerRequest
    options.maxConnections = maxConnections ?? options.maxConnections
    options.idleTimeoutMilliseconds = idleTimeoutMs ?? options.idleTimeoutMilliseconds
    options.readTimeoutMilliseconds = readTimeoutMs ?? options.readTimeoutMilliseconds
  }
}

struct AccessOptions: ParsableArguments {
  @Option(help: "A key that every request but a probe must bring (default: $SWIFTLET_API_KEY).") var apiKey: String?
  @Option(help: "Names by which the server may be called, between commas; * is any.") var allowedHosts: String?
  @Option(help: "An origin whose pages may ask, such as https://example.com; may be repeated.")
  var corsOrigin: [String] = []
  @Flag(help: "Let requests load and unload models.") var allowLoad = false

  func validate() throws {
    if let wrong = corsOrigin.first(where: { !$0.hasPrefix("http://") && !$0.hasPrefix("https://") }) {
      throw ValidationError("--cors-origin is a scheme and a host, such as https://example.com, not \"\(wrong)\".")
    }
    if apiKey?.isEmpty == true { throw ValidationError("--api-key must not be empty.") }
  }

  func apply(to options: inout ServerOptions, _ environment: [String: String]) throws {
    options.apiKey = apiKey ?? environment["SWIFTLET_API_KEY"].flatMap { $0.isEmpty ? nil : $0 }
    options.allowedHosts = allowedHosts?.split(separator: ",").map(String.init) ?? []
    options.corsOrigins = corsOrigin
    options.allowsLoading = allowLoad
  }
}

struct OperationOptions: ParsableArguments {
  @Option(help: "Lines for people (text) or one JSON object a line (json).") var logFormat: LogFormat?
  @Flag(help: "Log every request; failures of the server are always logged.") var logRequests = false
  @Option(help: "Seconds between looks at the models' folders; 0 is never.") var reloadSeconds: Int?
  @Option(help: "Seconds to go on answering after SIGTERM.") var drainSeconds: Int?
  @Option(help: "Names of other servers' metrics to serve too, between commas: triton, mlserver, kserve.")
  var metricsCompat: String?

  private var compatibility: [MetricsCompatibility?] {
    metricsCompat?.split(separator: ",").map { MetricsCompatibility(rawValue: String($0)) } ?? []
  }

  func validate() throws {
    if let reloadSeconds { try require(reloadSeconds, in: 0...86_400, "--reload-seconds") }
    if let drainSeconds { try require(drainSeconds, in: 0...3600, "--drain-seconds") }
    if compatibility.contains(nil) {
      throw ValidationError(
        "--metrics-compat is a list of triton, mlserver and kserve, not \"\(metricsCompat ?? "")\".")
    }
  }

  func apply(to options: inout ServerOptions, _ environment: [String: String]) {
    options.logFormat = logFormat ?? options.logFormat
    options.logsRequests = logRequests
    options.reloadSeconds = reloadSeconds ?? options.reloadSeconds
    options.drainSeconds = drainSeconds ?? options.drainSeconds
    options.metricsCompatibility = Set(compatibility.compactMap { $0 })
    options.defaultAccept = environment["SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT"]
  }
}

extension LogFormat: ExpressibleByArgument {}

private func require(_ value: Int, in range: ClosedRange<Int>, _ flag: String) throws {
  guard range.contains(value) else {
    throw ValidationError("\(flag) is a number from \(range.lowerBound) to \(range.upperBound), not \(value).")
  }
}
