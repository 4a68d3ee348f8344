// SPDX-License-Identifier: Apache-2.0
//
// ProcessIdentity: whether the process of a run is still there.
//
// The number of a process is given to another one later, so its start belongs to its name; and because that counts from
// the start of the machine, so does the machine's own start.
//
// Before    RunIdentifier.swift     After    RunsSchema.swift
// Source    proc(5), /proc/PID/stat: field 3 is the state, field 22 the start in ticks since the machine's start

import Foundation

/// A process of this machine.
struct ProcessIdentity: Equatable, Sendable {
  /// Its number.
  let pid: Int32
  /// When it started, in the words of the system.
  let start: String

  /// The process with a number, if there is one that is alive.
  init?(_ pid: Int32) {
    guard let start = ProcessIdentity.start(of: pid) else { return nil }
    self.pid = pid
    self.start = start
  }

  /// The process that asks.
  static let current = ProcessIdentity(getpid())

  /// The name of this machine.
  static let machine = ProcessInfo.processInfo.hostName

  #if os(Linux)
    private static let boot = (text("/proc/sys/kernel/random/boot_id") ?? "").prefix(8)

    private static func start(of pid: Int32) -> String? {
      // The second field is the program's name in brackets, and may hold brackets and spaces itself.
      guard let rest = text("/proc/\(pid)/stat")?.split(separator: ")").last else { return nil }
      let fields = rest.split(separator: " ")
      guard fields.count > 19, !["Z", "X"].contains(fields[0]) else { return nil }
      return "\(boot)-\(fields[19])"
    }

    private static func text(_ path: String) -> String? {
      FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
  #else
    private static func start(of pid: Int32) -> String? {
      var information = kinfo_proc()
      var size = MemoryLayout<kinfo_proc>.stride
      var name = [CTL_KERN, KERN_PROC, KERN_PROC_PID, pid]
      guard sysctl(&name, UInt32(name.count), &information, &size, nil, 0) == 0, size > 0 else { return nil }
      let time = information.kp_proc.p_un.__p_starttime
      return "\(time.tv_sec).\(time.tv_usec)"
    }
  #endif
}
