// SPDX-License-Identifier: Apache-2.0
//
// Workspace: the two buffers between which a block of rows goes from layer to layer.
//
// A call takes one from the pool and puts it back, so that calls on several threads do not meet, and a
// call allocates nothing once as many workspaces exist as there are threads.
//
// Before    Predictor.swift     After    Model.swift

import Synchronization

final class Workspace: @unchecked Sendable {
  private(set) var input: UnsafeMutableBufferPointer<Float>
  private(set) var output: UnsafeMutableBufferPointer<Float>

  init(width: Int) {
    // Seven more: vector loops handle eight numbers at a time.
    input = .allocate(capacity: Predictor.blockSize * width + 8)
    output = .allocate(capacity: Predictor.blockSize * width + 8)
    input.initialize(repeating: 0)
    output.initialize(repeating: 0)
  }

  deinit {
    input.deallocate()
    output.deallocate()
  }

  func load(_ rows: UnsafeBufferPointer<Float>) { _ = input.update(fromContentsOf: rows) }
  func swap() { (input, output) = (output, input) }
}

final class WorkspacePool: Sendable {
  private let free = Mutex<[Workspace]>([])

  /// Calls `body` with a workspace that nobody else uses.
  func withWorkspace(width: Int, _ body: (Workspace) -> Void) {
    let workspace = free.withLock { $0.popLast() } ?? Workspace(width: width)
    body(workspace)
    free.withLock { $0.append(workspace) }
  }
}
