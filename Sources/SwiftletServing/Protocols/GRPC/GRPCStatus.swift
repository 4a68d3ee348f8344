// SPDX-License-Identifier: Apache-2.0
//
// GRPCStatus: how a call ended.
//
// A call is answered by the same code as a request of HTTP, so its status is that of HTTP in the words of gRPC, and its
// message is the same sentence.
//
// Before    Protocols/OpenInference/RepositoryRoutes.swift     After    GRPCFrame.swift
// Source    grpc/grpc, doc/statuscodes.md and doc/PROTOCOL-HTTP2.md

import NIOCore
import NIOHTTP1

/// The codes of gRPC.
enum GRPCStatus: Int, Sendable {
  case ok = 0
  case invalidArgument = 3
  case deadlineExceeded = 4
  case notFound = 5
  case permissionDenied = 7
  case resourceExhausted = 8
  case unimplemented = 12
  case internalError = 13
  case unavailable = 14
  case unauthenticated = 16

  init(_ status: HTTPResponseStatus) {
    self =
      switch status {
      case .ok: .ok
      case .unauthorized: .unauthenticated
      case .forbidden: .permissionDenied
      case .notFound: .notFound
      case .requestTimeout, .gatewayTimeout: .deadlineExceeded
      case .payloadTooLarge, .requestHeaderFieldsTooLarge: .resourceExhausted
      case .methodNotAllowed, .notImplemented: .unimplemented
      case .serviceUnavailable: .unavailable
      case let other: other.code < 500 ? .invalidArgument : .internalError
      }
  }

  /// A sentence as a field's value: bytes that such a value may not have become a percent sign and two digits.
  static func encoded(_ message: String) -> String {
    guard message.utf8.contains(where: { !isPlain($0) }) else { return message }
    var text = ""
    for byte in message.utf8 {
      if isPlain(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        text += digits.count == 1 ? "%0" + digits : "%" + digits
      }
    }
    return text
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "%")
  }

  /// The time that a client gives a call: up to eight digits and a unit, such as `100m`. `nil` for what is none.
  static func timeout(_ headers: HTTPHeaders) -> TimeAmount? {
    guard let text = headers.first(name: "grpc-timeout"), (2...9).contains(text.utf8.count),
      text.utf8.dropLast().allSatisfy({ (48...57).contains($0) }), let count = Int64(text.dropLast())
    else { return nil }
    switch text.utf8.last {
    case UInt8(ascii: "H"): return .hours(count)
    case UInt8(ascii: "M"): return .minutes(count)
    case UInt8(ascii: "S"): return .seconds(count)
    case UInt8(ascii: "m"): return .milliseconds(count)
    case UInt8(ascii: "u"): return .microseconds(count)
    case UInt8(ascii: "n"): return .nanoseconds(count)
    default: return nil
    }
  }
}
