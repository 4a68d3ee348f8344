// SPDX-License-Identifier: Apache-2.0
//
// What the process itself takes, under the names that every exporter uses.
//
// Before    MetricsText.swift     After    CompatibleMetrics.swift
// Source    prometheus.io/docs/instrumenting/writing_clientlibs, "Process metrics"

import Foundation

enum ProcessMetrics {
  private static let start = Date().timeIntervalSince1970

  static func write(to text: inout MetricsText) {
    var usage = rusage()
    #if os(Linux)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
      getrusage(RUSAGE_SELF, &usage)
    #endif
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    text.family("process_cpu_seconds", .counter, "User and system time.")
    text.sample([], seconds(usage.ru_utime) + seconds(usage.ru_stime))
    text.family("process_start_time_seconds", .gauge, "When the process began, in seconds since 1970.")
    text.sample([], start)
    if let resident = residentBytes {
      text.family("process_resident_memory_bytes", .gauge, "Memory in use.")
      text.sample([], Double(resident))
    }
    if let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
      text.family("process_open_fds", .gauge, "Open file descriptors.")
      text.sample([], Double(descriptors))
    }
  }

  /// From Linux's `/proc/self/statm`, whose second number counts pages.
  static var residentBytes: Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return pages.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
  }
}
