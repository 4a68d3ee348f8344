// SPDX-License-Identifier: Apache-2.0
//
// RequestTrace: the names by which one request is found again in logs here and elsewhere.
//
// Before    ServerMetrics.swift     After    RequestLog.swift
// Source    W3C, Trace Context, section 3.2

import NIOHTTP1
import SwiftletTensors
import Synchronization

/// A request's id, and its place in a trace.
package struct RequestTrace: Sendable, Equatable {
  package let requestId: String
  /// 32 and 16 hexadecimal digits, where the request came with a trace.
  package var traceId: String?
  package var parentId: String?

  init(_ headers: HTTPHeaders, names: RequestNames) {
    requestId = RequestTrace.givenId(headers) ?? names.next()
    if let header = headers.first(name: "traceparent"), let (trace, parent) = RequestTrace.parsed(header) {
      traceId = trace
      parentId = parent
    }
  }

  /// The id that the client gave its request in a header.
  static func givenId(_ headers: HTTPHeaders) -> String? {
    headers.first(name: "x-request-id").flatMap { isPrintable($0) ? $0 : nil }
  }

  /// Up to 128 printable characters of ASCII: what can be echoed into a header and a log.
  static func isPrintable(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 128 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }

  /// `00-<32 hex>-<16 hex>-<2 hex>`. Versions to come may add fields at the end; `ff` and zeros are invalid.
  package static func parsed(_ header: String) -> (traceId: String, parentId: String)? {
    let fields = header.split(separator: "-", omittingEmptySubsequences: false)
    func isHexadecimal(_ field: Substring, _ count: Int) -> Bool {
      field.utf8.count == count
        && field.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
    guard fields.count >= 4, isHexadecimal(fields[0], 2), fields[0] != "ff", fields[0] != "00" || fields.count == 4,
      isHexadecimal(fields[1], 32), isHexadecimal(fields[2], 16), isHexadecimal(fields[3], 2),
      fields[1].contains(where: { $0 != "0" }), fields[2].contains(where: { $0 != "0" })
    else { return nil }
    return (String(fields[1]), String(fields[2]))
  }
}

/// Names for requests that bring none: a count from a random start, scrambled so that two never look alike. Asking the
/// system for random bytes each time costs more than a small model's answer.
final class RequestNames: Sendable {
  private let count = Atomic<UInt64>(.random(in: 0 ... .max))

  /// A name that is unique among the last 2⁶⁴: 16 hexadecimal digits.
  func next() -> String {
    let bits = Generator.mix(count.wrappingAdd(Generator.increment, ordering: .relaxed).newValue)
    return String(unsafeUninitializedCapacity: 16) { digits in
      for position in 0..<16 {
        let digit = UInt8(truncatingIfNeeded: bits >> (60 - 4 * UInt64(position)) & 0xF)
        digits[position] = digit < 10 ? 48 + digit : 87 + digit  // 0…9, a…f
      }
      return 16
    }
  }
}
