// SPDX-License-Identifier: Apache-2.0
//
// The settings of a server, listed once: from this table come the flags of `swiftlet serve`, its environment variables,
// the keys of its file and its help.
//
// `max_queue` is `--max-queue`, `$SWIFTLET_MAX_QUEUE`, and `max_queue:` in the file of `--config`. A flag wins over the
// environment, the environment over the file, and the file over the default.
//
// Before    LivePage/LivePage.swift     After    -

import SwiftletFormats

extension ServerOptions {
  /// Every setting, in the order of `swiftlet serve --help`.
  package static let settings = SettingTable<ServerOptions>(
    "configuration",
    (Address.settings + Batching.settings + Limits.settings + Access.settings + Operation.settings).map { setting in
      setting.flag().environment(["SWIFTLET_" + setting.key.uppercased()] + setting.environment)
    })

  /// Lays the environment over the options: `$SWIFTLET_MAX_QUEUE`, or the names that a setting has elsewhere.
  ///
  /// - Returns: A sentence for each variable that was ignored.
  /// - Throws: `SettingError` for a value that is not allowed.
  package mutating func read(environment: [String: String]) throws -> [String] {
    var notes: [String] = []
    for setting in ServerOptions.settings.settings {
      for name in setting.environment {
        guard let text = environment[name], !text.isEmpty else { continue }
        if text.hasPrefix("tcp://") {
          notes.append("$\(name) is \(text), which Kubernetes sets for a service of that name; it is ignored.")
          continue
        }
        try setting.apply(setting.kind.value(of: text), to: &self, calledAs: "$" + name)
        break
      }
    }
    return notes
  }
}
