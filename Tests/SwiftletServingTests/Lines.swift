// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization

/// The metadata of every line of a log.
final class Lines: Sendable {
  private struct Handler: LogHandler {
    let lines: Lines
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) { lines.kept.withLock { $0.append(event.metadata ?? [:]) } }
  }

  private let kept = Mutex<[Logger.Metadata]>([])
  var all: [Logger.Metadata] { kept.withLock { $0 } }
  var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }
}
