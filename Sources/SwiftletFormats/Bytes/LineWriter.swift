// SPDX-License-Identifier: Apache-2.0
//
// LineWriter: lines on standard error, or on any open file. A lost line never ends the program.
//
// Foundation's `FileHandle.write(_:)` stops the program if the disk is full or if the reader of a pipe is gone. A log
// line is not worth that: it is counted as lost, and the program goes on.
//
// Before    FileKind.swift     After    GzipInflater.swift

import Foundation
import Synchronization

/// Writes all bytes to an open file.
///
/// The caller ignores SIGPIPE, so that a closed pipe is an error like any other.
///
/// - Returns: 0, or the value of errno. `EAGAIN`: the reader took nothing for a second.
package func writeAll(_ bytes: some Sequence<UInt8>, to descriptor: Int32) -> Int32 {
  var rest = Array(bytes)[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count > 0 {
      rest = rest.dropFirst(count)
    } else if count == 0 {  // nothing was written, and there is no errno that says why
      return EIO
    } else if errno == EAGAIN {  // a terminal that another program has set not to block
      var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&wait, 1, 1000) > 0 else { return EAGAIN }
    } else if errno != EINTR {
      return errno
    }
  }
  return 0
}

/// Writes text to an open file, and counts what gets lost.
package final class LineWriter: Sendable {
  /// Messages, progress and the log of a server.
  package static let standardError = LineWriter(STDERR_FILENO)

  private let descriptor: Int32
  private let lost = Atomic<Int>(0)

  package init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// The number of texts that could not be written.
  package var lostCount: Int { lost.load(ordering: .relaxed) }

  /// Writes a text in one piece, so that the lines of several threads do not mix.
  ///
  /// - Returns: Whether it was written.
  @discardableResult
  package func write(_ text: String) -> Bool {
    if writeAll(text.utf8, to: descriptor) == 0 { return true }
    lost.add(1, ordering: .relaxed)
    return false
  }
}
