// SPDX-License-Identifier: Apache-2.0
//
// ResponseWriter: a response's JSON, straight into its bytes, without spaces.
//
// An answer is mostly numbers, for which a tree of values would take a box each.
//
// Before    RequestError.swift     After    Datatype.swift

import NIOCore
import SwiftletFormats

/// Writes JSON.
struct ResponseWriter {
  private(set) var buffer: ByteBuffer
  /// Whether answers are written with the digits of 64 bits, and not of 32.
  private let isDouble: Bool

  init(capacity: Int = 256, isDouble: Bool = false) {
    buffer = ByteBufferAllocator().buffer(capacity: capacity)
    self.isDouble = isDouble
  }

  /// Writes text that is JSON already.
  @inline(__always)
  mutating func raw(_ json: StaticString) { buffer.writeStaticString(json) }
  mutating func raw(_ json: String) { buffer.writeString(json) }

  /// A number of an answer; what JSON cannot write is null.
  mutating func number(_ value: Double) {
    let single = Float(value)
    guard isDouble ? value.isFinite : single.isFinite else { return raw("null") }
    buffer.writeString(isDouble ? value.description : single.description)
  }

  mutating func number(_ value: Int) { buffer.writeString(String(value)) }

  mutating func numbers(_ values: ArraySlice<Double>) {
    raw("[")
    var isFirst = true
    for value in values {
      if !isFirst { raw(",") }
      isFirst = false
      number(value)
    }
    raw("]")
  }

  mutating func string(_ text: String) { buffer.writeString(ResponseWriter.quoted(text)) }

  mutating func value(_ value: JSONValue) { buffer.writeString(value.compact()) }

  /// A text with its quotes and escapes.
  static func quoted(_ text: String) -> String { JSONValue.string(text).encoded() }
}
