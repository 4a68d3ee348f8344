// SPDX-License-Identifier: Apache-2.0
//
// The process's own use of the machine, under the names that every exporter uses.
//
// Before    MetricsText.swift     After    CompatibleMetrics.swift
// Source    prometheus.io/docs/instrumenting/writing_clientlibs, "Process metrics"

import Foundation

enum ProcessMetrics {
  /// When the server was made, a few milliseconds after its process. Asked for then, so that it is not the time of the
  /// first scrape.
  static let start = Date().timeIntervalSince1970

  static func write(to text: inout MetricsText) {
    text.family("process_cpu_seconds", .counter, "User and system time.")
    text.sample([], cpuSeconds)
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

  /// User and system time of the process.
  private static var cpuSeconds: Double {
    var usage = rusage()
    #if os(Linux)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
      getrusage(RUSAGE_SELF, &usage)
    #endif
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  /// The part of all processors' time that the process has used since it began, from 0 to 1.
  static var utilization: Double {
    let seconds = Date().timeIntervalSince1970 - start
    return seconds > 0 ? min(1, cpuSeconds / (seconds * Double(ProcessInfo.processInfo.activeProcessorCount))) : 0
  }

  /// From Linux's `/proc/self/statm`, whose second number counts pages.
  static var residentBytes: Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return pages.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
  }
}
