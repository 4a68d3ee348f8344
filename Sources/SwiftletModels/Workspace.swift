// SPDX-License-Identifier: Apache-2.0
//
// Workspace: the two buffers between which a block of rows goes from layer to layer.
//
// A call takes one from the pool and puts it back, so that calls on several threads do not meet, and a
// call allocates nothing once as many workspaces exist as there are threads.
//
// Before    AnsweringTeam.swift     After    Model.swift

import Synchronization

final class Workspace: @unchecked Sendable {
  private var current: UnsafeMutablePointer<Float>
  private var other: UnsafeMutablePointer<Float>

  /// The number of rows in a block: few enough that a block stays in the cache, and that the widest layer that a
  /// bundle can have takes no more memory than its own parameters.
  static func rowCount(ofWidth width: Int) -> Int { max(1, min(256, (1 << 20) / max(width, 1))) }

  init(capacity: Int) {
    // Seven more: vector loops handle eight numbers at a time.
    current = .allocate(capacity: capacity + 7)
    other = .allocate(capacity: capacity + 7)
    current.initialize(repeating: 0, count: capacity + 7)
    other.initialize(repeating: 0, count: capacity + 7)
  }

  deinit {
    current.deallocate()
    other.deallocate()
  }

  /// The buffer that does not hold the last layer's output.
  func next(count: Int) -> UnsafeMutableBufferPointer<Float> {
    swap(&current, &other)
    return UnsafeMutableBufferPointer(start: current, count: count)
  }
}

final class WorkspacePool: Sendable {
  private let capacity: Int
  private let free = Mutex<[Workspace]>([])

  /// Workspaces with room for a number of Floats in each buffer.
  init(capacity: Int) { self.capacity = capacity }

  /// Calls `body` with a workspace that is not in use.
  func withWorkspace(_ body: (Workspace) -> Void) {
    let workspace = free.withLock { $0.popLast() } ?? Workspace(capacity: capacity)
    body(workspace)
    free.withLock { $0.append(workspace) }
  }
}
