// SPDX-License-Identifier: Apache-2.0
//
// ServerOptions: the settings of a server, as a program sets them, in five groups.
//
// Before    Server/Options/Operation.swift     After    ServerState.swift

/// The settings of a server: `options.address.port = 8000`.
public struct ServerOptions: Sendable {
  /// Where a server listens, and with how many threads.
  public var address = Address()
  /// How requests that wait together share one product.
  public var batching = Batching()
  /// How large, how many and how slow requests may be.
  public var limits = Limits()
  /// Which clients are let in, and what they may do.
  public var access = Access()
  /// What a server reports, and how it stops.
  public var operation = Operation()

  /// The defaults, which are those of `swiftlet serve`.
  public init() {}

  /// The same options, safe for the address: without a key, other machines may not unload models.
  var secured: ServerOptions {
    var options = self
    if !RequestGate.isLoopback(address.host), access.apiKey == nil { options.access.allowsLoading = false }
    return options
  }
}
