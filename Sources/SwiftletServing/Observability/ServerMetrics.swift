// SPDX-License-Identifier: Apache-2.0
//
// Counts of the whole server.
//
// Before    Routing/Responder.swift     After    -

import NIOHTTP1
import Synchronization

final class ServerMetrics: Sendable {
  private let rejected = Mutex<[UInt: Int]>([:])
  func refused(_ status: HTTPResponseStatus) { rejected.withLock { $0[status.code, default: 0] += 1 } }
}
