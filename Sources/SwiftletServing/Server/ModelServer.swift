// SPDX-License-Identifier: Apache-2.0
//
// ModelServer: the server from its start to its end.
//
//     start     the models are loaded, the port is opened, the address is printed
//     SIGHUP    changed models are loaded
//     SIGTERM   not ready, still answering, for the drain's seconds; then the port is closed, requests on their way
//               are finished, and the program ends with 0. A second signal ends it at once
//
// Before    PortServices.swift     After    Listening.swift
// Source    Kubernetes, "Pod Lifecycle": a pod gets requests for a moment after SIGTERM

import Foundation
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import SwiftletTensors
import UnixSignals

/// A server that answers for models.
public struct ModelServer: Sendable {
  let options: ServerOptions
  let responder: Responder
  private let logger: Logger
  private let group: MultiThreadedEventLoopGroup
  private let pool: NIOThreadPool
  private let watcher: RepositoryWatcher

  /// Loads the models.
  ///
  /// - Parameters:
  ///   - paths: Bundles, folders of bundles, or folders of versions.
  ///   - name: The model's name, if there is only one.
  ///   - options: Where to listen, and all limits.
  ///   - environment: Holds the paths that Vertex AI chose.
  /// - Throws: `FormatError` if no model is found, or none can be loaded.
  public init(paths: [String], name: String? = nil, options: ServerOptions, environment: [String: String] = [:]) throws
  {
    var options = options.secured
    let wanted = options.limits.maxConnections
    options.limits.maxConnections = FileLimit.makeRoom(for: wanted)
    self.options = options
    let format = options.operation.logFormat
    logger = Logger(label: "swiftlet") { _ in LineLogHandler(format) }
    if options.limits.maxConnections < wanted {
      logger.warning(
        "the limit on open files leaves room for fewer connections; ulimit -n raises it",
        metadata: ["max_connections": .stringConvertible(options.limits.maxConnections)])
    }
    // The event loops and the pool share the cores; more threads in each product would take them from each other.
    OpenBLAS.setThreadCount(1)
    pool = NIOThreadPool(numberOfThreads: options.address.threadCount)
    group = MultiThreadedEventLoopGroup(numberOfThreads: options.address.threadCount)
    let repository = try ModelRepository(
      paths: paths, name: name, limits: BatchLimits(options, pool: pool), logger: logger)
    watcher = RepositoryWatcher(repository)
    responder = Responder(
      repository, options: options, routes: RouteTable(environment: environment), pool: pool, logger: logger)
  }

  /// The folder in which a container has its models, if there is one.
  public static func defaultPaths(_ environment: [String: String]) -> [String] {
    ModelLocation.defaultPaths(environment)
  }

  /// Warnings at the start of the server.
  public var warnings: [String] { ModelServer.warnings(options) }

  static func warnings(_ options: ServerOptions) -> [String] {
    let slashed = options.access.corsOrigins.filter { $0.hasSuffix("/") }
    let refused = slashed.map { origin in
      "The origin \(origin) is refused: an origin ends with its host, and no browser sends one with a slash. --cors-origin \(origin.dropLast()) allows it."
    }
    guard !RequestGate.isLoopback(options.address.host), options.access.apiKey == nil else { return refused }
    return refused + [
      "\(options.address.host) can be reached from other machines, which may all use this server: --api-key sets a key."
        + " Without one, models are not loaded or unloaded by request."
    ]
  }

  /// The models that answer, with the address of each and a command that asks it.
  public func greeting(port: Int) -> String {
    Greeting(responder, port: port, grpcPort: options.address.grpcPort.map { _ in openGRPCPort ?? port }).text
  }

  /// The port for calls of gRPC, once it is open; `nil` before, and where there is none.
  public var openGRPCPort: Int? { responder.state.grpcPort }

  /// Serves until a signal or the cancellation of its task stops it, and finishes the open requests.
  ///
  /// - Parameter onStart: Called with the port of HTTP once every port is open.
  public func run(onStart: @escaping @Sendable (Int) -> Void) async throws {
    signal(SIGPIPE, SIG_IGN)  // a client that hangs up, or a closed pipe for the log, must not end the program
    pool.start()
    var quiet = logger
    quiet.logLevel = .warning
    let calls = try await openForCalls(logger: quiet)
    let services: PortServices = sharesPort ? [.http, .grpc] : .http
    let server = ModelServer.listener(responder, options, group, services: services, logger: quiet) { port in
      if sharesPort { responder.state.opened(grpcPort: port) }
      onStart(port)
    }
    let servers = [server] + [calls].compactMap { $0?.server }
    // In tasks of their own: a connection that is cancelled would lose its answer.
    let serving = Task { try await server.run() }
    let watching = [Task { await obeySignals(servers) }, Task { await watchFolders() }]
    defer { for task in watching { task.cancel() } }
    try await withTaskCancellationHandler {
      do { try await serving.value } catch {
        try? await calls?.server.shutdownGracefully()
        throw error
      }
      try await calls?.serving.value
    } onCancel: {
      Task { await ModelServer.stop(servers) }
    }
    try? await pool.shutdownGracefully()
    try? await group.shutdownGracefully()
  }

  /// Whether one port answers both.
  private var sharesPort: Bool { options.address.grpcPort == options.address.port && options.address.port != 0 }

  /// Opens the port for calls of gRPC, if it is one of its own.
  ///
  /// - Throws: ``GRPCPortError`` if it cannot be opened.
  private func openForCalls(logger: Logger) async throws -> Listening? {
    guard let port = options.address.grpcPort, !sharesPort else { return nil }
    let listening = try await Listening(responder, options, group, at: port, logger: logger)
    responder.state.opened(grpcPort: listening.port)
    return listening
  }

  static func stop(_ servers: [Server<HTTPChannel>]) async {
    await withTaskGroup(of: Void.self) { stopping in
      for server in servers { stopping.addTask { try? await server.shutdownGracefully() } }
    }
  }

  /// Accepts connections.
  ///
  /// - Parameter port: By default the port of HTTP.
  static func listener(
    _ responder: Responder, _ options: ServerOptions, _ group: any EventLoopGroup, at port: Int? = nil,
    services: PortServices = .http, logger: Logger, onStart: @escaping @Sendable (Int) -> Void
  ) -> Server<HTTPChannel> {
    let limit = options.limits.maxConnections + ConnectionTable.extraCount
    return Server(
      childChannelSetup: HTTPChannel(responder: responder, services: services),
      configuration: ServerConfiguration(
        address: .hostname(options.address.host, port: port ?? options.address.port), backlog: 1024),
      onServerRunning: { channel in
        try? await channel.eventLoop.submit {
          try channel.pipeline.syncOperations.addHandler(AcceptGate(limit: limit, logger: logger), position: .first)
        }.get()
        onStart(channel.localAddress?.port ?? 0)
      }, eventLoopGroup: group, logger: logger)
  }

  private func obeySignals(_ servers: [Server<HTTPChannel>]) async {
    var isStopping = false
    for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup) {
      if signal == .sighup {
        watcher.look(isPatient: false)
      } else if isStopping {
        exit(signal == .sigterm ? 143 : 130)  // 128 and the signal's number, as a shell says it
      } else {
        isStopping = true
        responder.state.beginDraining()
        logger.info(
          "stopping; a second signal ends the server at once",
          metadata: ["drain_seconds": .stringConvertible(options.operation.drainSeconds)])
        Task {
          try? await Task.sleep(for: .seconds(options.operation.drainSeconds))
          await ModelServer.stop(servers)
        }
      }
    }
  }

  private func watchFolders() async {
    guard options.operation.reloadSeconds > 0 else { return await untilCancelled() }
    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(options.operation.reloadSeconds))
      if !Task.isCancelled { watcher.look(isPatient: true) }
    }
  }

  private func untilCancelled() async {
    while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
  }
}
