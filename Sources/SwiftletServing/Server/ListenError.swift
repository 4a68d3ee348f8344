// SPDX-License-Identifier: Apache-2.0
//
// Why a port cannot be opened, and what helps.
//
// Before    Listening.swift     After    Greeting.swift

import Foundation
import NIOCore

extension ModelServer {
  /// A sentence about an error of ``run(onStart:)``.
  package static func sentence(about error: any Error, _ options: ServerOptions) -> String {
    if let error = error as? GRPCPortError {
      return sentence(about: error.cause, options, port: options.address.grpcPort ?? 0, flag: "--grpc-port")
    }
    return sentence(about: error, options, port: options.address.port, flag: "--port")
  }

  private static func sentence(about error: any Error, _ options: ServerOptions, port: Int, flag: String) -> String {
    let place = "\(options.address.host):\(port)"
    if error is SocketAddressError || error is SocketAddressError.UnknownHost {
      return
        "\(options.address.host) is not an address that this machine knows; use --host with one such as 127.0.0.1 or 0.0.0.0."
    }
    switch (error as? IOError)?.errnoCode {
    case EADDRINUSE: return "\(place) is in use by another program; choose another port with \(flag)."
    case EACCES:
      return
        "\(place) may not be opened by this user; ports from 1024 on may: \(flag) \(flag == "--port" ? 8080 : 8081)."
    case EADDRNOTAVAIL:
      return "\(options.address.host) is an address of another machine; --host 0.0.0.0 listens on all of this one."
    default: return "\(place) cannot be opened: \(error)"
    }
  }
}
