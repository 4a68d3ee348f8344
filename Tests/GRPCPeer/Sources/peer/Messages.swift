// SPDX-License-Identifier: Apache-2.0
//
// The few messages that are needed, by hand: a field is its number · 8 + 2, a length, and that many bytes.
//
// Before    Main.swift     After    InferenceClient.swift
// Source    protobuf.dev, "Encoding"

/// A field of bytes.
func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
  var length = bytes.count
  var written = [number << 3 | 2]
  while length > 0x7F {
    written.append(UInt8(length & 0x7F) | 0x80)
    length >>= 7
  }
  return written + [UInt8(length)] + bytes
}

/// A field of text.
func text(_ number: UInt8, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

/// A `ModelInferRequest` with flowers of the first kind, as bytes.
func question(_ id: String, rows: Int = 1, width: Int = 4) -> [UInt8] {
  let row = [5.1, 3.5, 1.4, 0.2].prefix(width).flatMap { number in
    withUnsafeBytes(of: Float(number).bitPattern.littleEndian) { Array($0) }
  }
  var shape: [UInt8] = []
  for size in [rows, width] { shape += [UInt8(size & 0x7F) | 0x80, UInt8(size >> 7)] }
  let tensor = text(1, "features") + text(2, "FP32") + field(3, shape)
  return text(1, "iris") + text(3, id) + field(5, tensor) + field(7, Array(repeatElement(row, count: rows).joined()))
}

/// Whether a message has a text somewhere.
func contains(_ message: [UInt8], _ text: String) -> Bool { String(decoding: message, as: UTF8.self).contains(text) }
