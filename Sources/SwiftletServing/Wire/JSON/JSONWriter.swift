// SPDX-License-Identifier: Apache-2.0
//
// JSONWriter: a response's JSON, straight into its bytes, without spaces.
//
// Before    JSONScanner+Strings.swift     After    ../FlatValues.swift

import NIOCore
import SwiftletFormats

/// Writes JSON.
struct JSONWriter {
  private(set) var buffer: ByteBuffer

  init(capacity: Int = 256) { buffer = ByteBufferAllocator().buffer(capacity: capacity) }

  /// Writes text that is JSON already.
  @inline(__always)
  mutating func raw(_ json: StaticString) { buffer.writeStaticString(json) }
  mutating func raw(_ json: String) { buffer.writeString(json) }

  /// A number; what JSON cannot write is null.
  mutating func number(_ value: Float) {
    guard value.isFinite else { return raw("null") }
    buffer.writeString(value.description)
  }

  mutating func number(_ value: Int) { buffer.writeString(String(value)) }

  mutating func numbers(_ values: ArraySlice<Float>) {
    raw("[")
    var isFirst = true
    for value in values {
      if !isFirst { raw(",") }
      isFirst = false
      number(value)
    }
    raw("]")
  }

  mutating func string(_ text: String) { buffer.writeString(JSONWriter.quoted(text)) }

  mutating func value(_ value: JSONValue) {
    switch value {
    case .null: raw("null")
    case .bool(let bool): raw(bool ? "true" : "false")
    case .number: raw(value.encoded())
    case .string(let text): string(text)
    case .array(let values):
      raw("[")
      for (position, value) in values.enumerated() {
        if position > 0 { raw(",") }
        self.value(value)
      }
      raw("]")
    case .object(let members):
      raw("{")
      for (position, member) in members.enumerated() {
        if position > 0 { raw(",") }
        string(member.name)
        raw(":")
        self.value(member.value)
      }
      raw("}")
    }
  }

  /// A text with its quotes and escapes.
  static func quoted(_ text: String) -> String { JSONValue.string(text).encoded() }

  /// The bytes of a value.
  static func bytes(_ value: JSONValue) -> ByteBuffer {
    var writer = JSONWriter()
    writer.value(value)
    return writer.buffer
  }
}
