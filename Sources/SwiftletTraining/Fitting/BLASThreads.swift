// SPDX-License-Identifier: Apache-2.0
//
// The thread count of OpenBLAS, while fits need it.
//
// It is one number for the whole process, and results round differently with another count. So fits that need the same
// count run side by side, one that needs another waits, and after the last fit the old count is restored.
//
// Before    DataParallelism.swift     After    TrainingState.swift

import Foundation
import SwiftletTensors

/// Holds OpenBLAS at a number of threads.
enum BLASThreads {
  private static let condition = NSCondition()
  // Read and written with the condition's lock held.
  nonisolated(unsafe) private static var holders = 0
  nonisolated(unsafe) private static var held = 0
  nonisolated(unsafe) private static var found = 0

  /// Does something while OpenBLAS is left at a number of threads.
  static func hold<R>(_ count: Int, _ body: () throws -> R) rethrows -> R {
    begin(count)
    defer { end() }
    return try body()
  }

  private static func begin(_ count: Int) {
    condition.lock()
    defer { condition.unlock() }
    while holders > 0, held != count { condition.wait() }
    if holders == 0 {
      found = OpenBLAS.threadCount
      OpenBLAS.setThreadCount(count)
      held = count
    }
    holders += 1
  }

  private static func end() {
    condition.lock()
    defer { condition.unlock() }
    holders -= 1
    guard holders == 0 else { return }
    OpenBLAS.setThreadCount(found)
    condition.broadcast()
  }
}
