// SPDX-License-Identifier: Apache-2.0
//
// BodyBudget: the memory that the bodies of all open requests share.
//
// A limit on each body does not limit all of them: a thousand clients that each send eight megabytes and stop hold eight
// gigabytes. What a connection holds anyway, its first 64 KiB, is not counted, so that small requests go on being
// answered while large ones have to wait.
//
// Before    FileLimit.swift     After    IncomingRequest.swift

import Synchronization

/// Counts the bytes of all bodies.
final class BodyBudget: Sendable {
  /// Number of bytes of each body that are not counted.
  static let free = 64 << 10

  private let limit: Int
  private let used = Atomic<Int>(0)

  init(limit: Int) { self.limit = limit }

  /// Bytes that are counted now.
  var usedBytes: Int { used.load(ordering: .relaxed) }

  /// - Returns: Whether there was room for them.
  fileprivate func take(_ count: Int) -> Bool {
    let (sum, overflows) = used.add(count, ordering: .relaxed).oldValue.addingReportingOverflow(count)
    if !overflows, sum <= limit { return true }
    giveBack(count)
    return false
  }

  fileprivate func giveBack(_ count: Int) { used.subtract(count, ordering: .relaxed) }
}

/// What one body has taken of the budget, until it is gone.
final class BodyCharge: Sendable {
  private let budget: BodyBudget
  private let count = Atomic<Int>(0)

  init(_ budget: BodyBudget) { self.budget = budget }
  deinit { budget.giveBack(count.load(ordering: .relaxed)) }

  /// - Returns: Whether there was room for them.
  func add(_ more: Int) -> Bool {
    guard budget.take(more) else { return false }
    count.add(more, ordering: .relaxed)
    return true
  }
}
