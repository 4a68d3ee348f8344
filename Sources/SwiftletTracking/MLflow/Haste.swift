// SPDX-License-Identifier: Apache-2.0
//
// Haste: at its end, a training does not wait for a server that says nothing.
//
// While the training goes on nobody waits, and a slow server has its time. Then each second is one of the user's: a request
// that moves no byte for a while is given up, also one that has begun before.
//
// Before    HTTPRequest.swift     After    MLflowAddress.swift

import CCurl

/// Makes requests give up sooner, from any thread.
final class Haste: @unchecked Sendable {
  // Written and read by C as an atomic number, and by nothing else.
  private let milliseconds: UnsafeMutablePointer<Int32>

  init() {
    milliseconds = .allocate(capacity: 1)
    milliseconds.initialize(to: 0)
  }

  deinit { milliseconds.deallocate() }

  /// From now on, no request waits longer than this for the next byte.
  func begin(_ milliseconds: Int) { swiftlet_curl_hurry(self.milliseconds, Int32(clamping: milliseconds)) }

  /// What a request looks at. It lives as long as this.
  func withFlag<Result>(_ body: (UnsafePointer<Int32>) -> Result) -> Result {
    withExtendedLifetime(self) { body(UnsafePointer(milliseconds)) }
  }
}
