// SPDX-License-Identifier: Apache-2.0
//
// ServerOptions.Address: where a server listens, and with how many threads.
//
// A setting is a property, and a row of the table below it. ServerSettings.swift tells what follows from a row.
//
// Before    Access.swift     After    Batching.swift

import NIOCore
import SwiftletFormats

extension ServerOptions {
  /// Where a server listens, and with how many threads.
  public struct Address: Sendable {
    /// The address to listen at; only this machine reaches the default.
    public var host = "127.0.0.1"
    /// The port; 0 takes any that is free.
    public var port = 8080
    /// The port for calls of gRPC; 0 takes any that is free, and without one there are none. It may be the other port.
    public var grpcPort: Int?
    /// Event loops: each answers its share of the connections, one request at a time.
    public var threadCount = System.coreCount

    static let settings: [Setting<ServerOptions>] = [
      .text("host", \.address.host, "The address to listen on; 0.0.0.0 is every network of this machine.")
        .example("0.0.0.0").requiring("an address such as 127.0.0.1") { $0 != "" },
      .integer("port", \.address.port, 0...65_535, "The port to listen on; 0 is any that is free.")
        .example("9000").environment(["AIP_HTTP_PORT", "SAGEMAKER_BIND_TO_PORT", "PORT"]),
      Setting(
        "grpc_port", .optionalText(none: "closed"),
        "The port for gRPC; 0 is any that is free, and that of HTTP serves both."
      ) {
        .string($0.address.grpcPort.map(String.init) ?? "closed")
      } set: {
        $0.address.grpcPort = $1.string.flatMap { Int($0) }
      }
      .example("9001").requiring("a whole number from 0 to 65535, or closed") { value in
        value == .null || value.string.flatMap { Int($0) }.map((0...65_535).contains) ?? false
      },
      Setting(
        "threads", .integer(0...256, zero: "auto"), "The number of threads that answer; auto is one for each core."
      ) {
        $0.address.threadCount == System.coreCount ? "auto" : JSONValue($0.address.threadCount)
      } set: { options, value in
        options.address.threadCount = value == 0 ? System.coreCount : value.integer ?? 1
      }
      .example("3"),
    ]
  }
}
