// SPDX-License-Identifier: Apache-2.0
//
// RunIdentifier: the names of runs, in the order of their age.
//
// 44 bits of milliseconds since 1970, enough until 2527, and 20 random ones, so that two processes that start in the
// same millisecond differ. Within a process each name is larger than the one before.
//
// Before    TrackedRun.swift     After    ProcessIdentity.swift

import Synchronization

/// Makes the names of runs.
enum RunIdentifier {
  private static let last = Mutex<UInt64>(0)

  /// A name that this process has not had: 16 hexadecimal digits.
  ///
  /// - Parameter time: Now, in seconds since 1970.
  static func next(at time: Double) -> String {
    text(
      last.withLock { last in
        last = max(last &+ 1, bits(time, UInt64.random(in: 0..<1 << 20)))
        return last
      })
  }

  /// The name of a run that began at a time, with 20 bits to tell it from others.
  static func text(at time: Double, _ low: UInt64) -> String { text(bits(time, low)) }

  /// The name of a part of a run: behind its own, so that it is younger.
  static func part(_ number: Int, of run: String) -> String {
    text((UInt64(run, radix: 16) ?? 0) &+ 1 &+ UInt64(max(number, 0)))
  }

  private static func bits(_ time: Double, _ low: UInt64) -> UInt64 {
    let milliseconds = min(max((time * 1000).rounded(), 0), 0x1p44 - 1)
    return UInt64(milliseconds) << 20 | low & 0xFFFFF
  }

  private static func text(_ bits: UInt64) -> String {
    let digits = String(bits, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
