// SPDX-License-Identifier: Apache-2.0
//
// MemoryLimit: how much memory the process may take, asked before much is taken.
//
// A system that has no more memory says so by ending the process. So whatever grows with the data is estimated
// first, and refused with a sentence.
//
// Before    TensorStorage.swift     After    Threads/ThreadTeam.swift

import Foundation

/// How much memory there is for the process.
package enum MemoryLimit {
  /// Bytes: the least of what the machine has, what its container may use, and the limit on address space.
  package static let bytes: Int = {
    let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    return min(machine, container ?? .max, addressSpace ?? .max)
  }()

  /// The limit on address space in bytes, as `ulimit -v` sets it; `nil` where there is none.
  package static var addressSpace: Int? {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < 1 << 46 else { return nil }
    return Int(limit.rlim_cur)
  }

  /// What Linux lets a container use; `nil` outside of one.
  private static var container: Int? {
    ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"].lazy
      .compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
      .compactMap { Int($0.filter { !$0.isWhitespace }) }
      .first
  }

  #if os(Linux)
    private static let resource = __rlimit_resource_t(RLIMIT_AS.rawValue)
  #else
    private static let resource = RLIMIT_AS
  #endif
}
