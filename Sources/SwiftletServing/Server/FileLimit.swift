// SPDX-License-Identifier: Apache-2.0
//
// FileLimit: how many connections the system's limit on open files leaves room for.
//
// Shells and containers often start programs with a soft limit of 1,024 and a hard one far above it, which a program may
// use up to. A few descriptors stay free, for models that are reloaded and for connections that are only refused.
//
// Before    AcceptGate.swift     After    BodyBudget.swift
// Source    getrlimit(2)

import Foundation

enum FileLimit {
  /// Descriptors that stay free.
  private static let reserve = 16

  /// Raises the soft limit as far as it is needed and allowed.
  ///
  /// - Returns: Number of wanted connections for which there is room.
  static func makeRoom(for connections: Int) -> Int {
    let needed = connections + ConnectionTable.extraCount + reserve + openCount
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return connections }
    let soft = Int(clamping: limit.rlim_cur)
    guard soft < needed else { return connections }
    limit.rlim_cur = min(limit.rlim_max, rlim_t(needed))
    let reached = setrlimit(resource, &limit) == 0 ? Int(clamping: limit.rlim_cur) : soft
    return max(1, min(connections, reached - (needed - connections)))
  }

  /// Descriptors that are open now, and those of the threads to come.
  private static var openCount: Int {
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 16
    return open + 3 * ProcessInfo.processInfo.activeProcessorCount
  }

  #if os(Linux)
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let resource = RLIMIT_NOFILE
  #endif
}
