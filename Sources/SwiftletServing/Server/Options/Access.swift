// SPDX-License-Identifier: Apache-2.0
//
// ServerOptions.Access: which clients are let in, and what they may do.
//
// A setting is a property, and a row of the table below it. ServerSettings.swift tells what follows from a row.
//
// Before    -     After    Address.swift

import SwiftletFormats

extension ServerOptions {
  /// Which clients are let in, and what they may do.
  public struct Access: Sendable {
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

    static let settings: [Setting<ServerOptions>] = [
      .optionalText("api_key", \.access.apiKey, "A key that every request except probes must send.")
        .example("5ecret").requiring("a key that is not empty") { $0 != "" },
      .names("allowed_hosts", \.access.allowedHosts, "More host names of the server; * is any.")
        .example("models.example.com"),
      .names("cors_origin", \.access.corsOrigins, "The origins whose pages may use the server.")
        .example("https://example.com")
        .requiring("a scheme and a host, such as https://example.com") { value in
          value.texts.allSatisfy { origin in
            let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
            let isOrigin = parts.count == 3 || parts.count == 4 && parts[3] == ""  // a slash is said at the start
            return isOrigin && ["http:", "https:"].contains(parts[0]) && parts[1] == "" && parts[2] != ""
          }
        },
      .truth(
        "strict_columns", \.access.strictColumns,
        "Refuse columns that the model does not have, which /invocations otherwise ignores and names."
      )
      .example("true"),
      .truth("allow_load", \.access.allowsLoading, "Let requests load and unload models.").example("true"),
    ]
  }
}
