// SPDX-License-Identifier: Apache-2.0
//
// The header `Date`, written once a second.
//
// Before    ServerState.swift     After    ConnectionDeadline.swift
// Source    RFC 9110, section 5.6.7

import Foundation
import Synchronization

/// The time as HTTP writes it.
final class ResponseClock: Sendable {
  private let cached = Mutex<(second: time_t, text: String)>((-1, ""))

  func date() -> String {
    let now = time(nil)
    return cached.withLock { cached in
      if cached.second != now { cached = (now, ResponseClock.text(now)) }
      return cached.text
    }
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`.
  static func text(_ second: time_t) -> String {
    var (second, parts) = (second, tm())
    gmtime_r(&second, &parts)
    func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let day = days[Int(parts.tm_wday) % 7]
    let month = months[Int(parts.tm_mon) % 12]
    return "\(day), \(two(parts.tm_mday)) \(month) \(1900 + parts.tm_year) "
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
  }
}
