// SPDX-License-Identifier: Apache-2.0
//
// Why a port cannot be opened, and what helps.
//
// Before    ModelServer.swift     After    Greeting.swift

import Foundation
import NIOCore

extension ModelServer {
  /// A sentence about an error of ``run(onStart:)``.
  package static func sentence(about error: any Error, _ options: ServerOptions) -> String {
    let place = "\(options.address.host):\(options.address.port)"
    if error is SocketAddressError || error is SocketAddressError.UnknownHost {
      return
        "\(options.address.host) is not an address that this machine knows; use --host with one such as 127.0.0.1 or 0.0.0.0."
    }
    switch (error as? IOError)?.errnoCode {
    case EADDRINUSE: return "\(place) is in use by another program; choose another port with --port."
    case EACCES: return "\(place) may not be opened by this user; ports from 1024 on may: --port 8080."
    case EADDRNOTAVAIL:
      return "\(options.address.host) is an address of another machine; --host 0.0.0.0 listens on all of this one."
    default: return "\(place) cannot be opened: \(error)"
    }
  }
}
