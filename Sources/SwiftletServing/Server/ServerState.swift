// SPDX-License-Identifier: Apache-2.0
//
// ServerState: whether a server is stopping, and how many requests it has.
//
// Before    ServerOptions.swift     After    ResponseClock.swift

import Synchronization

/// Flags and counts that every connection reads and writes.
package final class ServerState: Sendable {
  private let draining = Atomic<Bool>(false)
  private let requestsInFlight = Atomic<Int>(0)
  private let openPort = Atomic<Int>(0)

  package init() {}

  /// Whether the server is stopping: it still answers, but reports that it is not ready for more.
  package var isDraining: Bool { draining.load(ordering: .relaxed) }
  package func beginDraining() { draining.store(true, ordering: .relaxed) }

  /// The port for calls of gRPC, once it is open.
  var grpcPort: Int? {
    let port = openPort.load(ordering: .acquiring)
    return port > 0 ? port : nil
  }
  func opened(grpcPort port: Int) { openPort.store(port, ordering: .releasing) }

  /// Requests whose answer is not written yet.
  package var inFlight: Int { requestsInFlight.load(ordering: .relaxed) }
  func requestBegan() { requestsInFlight.wrappingAdd(1, ordering: .relaxed) }
  func requestEnded() { requestsInFlight.wrappingSubtract(1, ordering: .relaxed) }
}
