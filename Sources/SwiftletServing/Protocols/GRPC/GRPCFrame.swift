// SPDX-License-Identifier: Apache-2.0
//
// GRPCFrame: where a message begins and ends in the body of a call.
//
//     flag      1 byte: whether the message is compressed
//     length    4 bytes, the highest first
//     message   that many bytes
//
// Before    GRPCStatus.swift     After    GRPCMethod.swift
// Source    grpc/grpc, doc/PROTOCOL-HTTP2.md, "Length-Prefixed-Message"

import NIOCore

/// A message of a call.
struct GRPCFrame {
  let message: ByteBuffer
  let isCompressed: Bool

  static let prefixLength = 5

  /// Takes the next message off; `nil` if it is not whole yet.
  ///
  /// - Throws: ``RequestError`` 413 for a length over the limit, before its bytes are there; 400 for what is no frame.
  static func next(from bytes: inout ByteBuffer, limit: Int) throws -> GRPCFrame? {
    let start = bytes.readerIndex
    guard let flag = bytes.getInteger(at: start, as: UInt8.self) else { return nil }
    guard flag <= 1 else { throw RequestError.bad("The call holds no message of gRPC: its first byte is \(flag).") }
    guard let length = bytes.getInteger(at: start + 1, as: UInt32.self) else { return nil }
    guard length <= limit else {
      throw RequestError(
        .payloadTooLarge, "The message has \(length) bytes, and this server reads at most \(limit).",
        rejection: .tooLarge)
    }
    guard bytes.readableBytes >= prefixLength + Int(length) else { return nil }
    bytes.moveReaderIndex(forwardBy: prefixLength)
    guard let message = bytes.readSlice(length: Int(length)) else { return nil }
    return GRPCFrame(message: message, isCompressed: flag == 1)
  }

  /// The only message of a body.
  static func only(in body: ByteBuffer, limit: Int) throws -> GRPCFrame {
    var rest = body
    guard let frame = try next(from: &rest, limit: limit) else {
      throw RequestError.bad("The call ends within its message: \(body.readableBytes) bytes came.")
    }
    guard rest.readableBytes == 0 else {
      throw RequestError.bad("The call has one message, and \(rest.readableBytes) bytes are left after it.")
    }
    return frame
  }

  /// A message behind its prefix.
  static func framed(_ message: ByteBuffer, _ allocator: ByteBufferAllocator) -> ByteBuffer {
    var bytes = allocator.buffer(capacity: prefixLength + message.readableBytes)
    bytes.writeInteger(UInt8(0))
    bytes.writeInteger(UInt32(message.readableBytes))
    bytes.writeImmutableBuffer(message)
    return bytes
  }
}
