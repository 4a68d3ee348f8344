// SPDX-License-Identifier: Apache-2.0
//
// GRPCMethod: a method of gRPC is a route whose model stands in its message.
//
// The rest follows from the route, as for HTTP: the key, the name in metrics and logs, limits, the road to the model.
//
// Before    GRPCFrame.swift     After    GRPCResponder.swift

import NIOCore
import SwiftletFormats

/// A method that is called by gRPC.
struct GRPCMethod: Sendable {
  /// How many messages it takes and gives.
  enum Kind: Sendable {
    /// One for one.
    case single
    /// One for each that comes.
    case stream
    /// One for one, and another whenever it would be a different one.
    case watch
  }

  /// The fields of its message that name a model: where several do, the last one of this list.
  struct Names: Sendable {
    var model: [Int] = []
    var version: Int?
  }

  let kind: Kind
  let names: Names
  let route: Route

  init(
    _ service: String, _ name: String, _ kind: Kind = .single, names: Names = Names(), isOpen: Bool = false,
    _ answer: @escaping @Sendable (Call) throws -> Reply
  ) {
    self.kind = kind
    self.names = names
    route = Route(.POST, "/\(service)/\(name)", GRPCMethod.family, isOpen: isOpen, schema: .hidden, answer)
  }

  /// The calls of gRPC, whose errors are a status and a sentence.
  static let family = RouteFamily("grpc", title: "gRPC", isGRPC: true)

  /// Every method.
  static let all = InferenceService.methods + HealthService.methods

  private static let byPath = Dictionary(uniqueKeysWithValues: all.map { ($0.route.pattern, $0) })

  /// What is called where there is no such method.
  private static let unknown = GRPCMethod("unknown", "method") { call in
    throw RequestError(.notImplemented, "This server has no method \(quoted(call.request.target)).")
  }

  static func at(_ path: String) -> GRPCMethod { byPath[path] ?? unknown }

  /// What is asked: the route, and the model that the message names.
  ///
  /// - Throws: ``RequestError`` 400 for bytes that are no message.
  func match(_ message: ByteBuffer) throws -> RouteMatch {
    guard !names.model.isEmpty else { return RouteMatch(route) }
    return try message.readMessage { reader in
      var model: (name: String, rank: Int) = ("", -1)
      var version: String?
      while let field = try reader.next() {
        if let rank = names.model.firstIndex(of: field.number), rank >= model.rank {
          model = (try field.exactText, rank)
        } else if field.number == names.version {
          version = try field.exactText
        }
      }
      return RouteMatch(route, model: model.name, version: version == "" ? nil : version)
    }
  }

  /// The same method, which refuses whatever it is asked.
  func refusing(_ error: any Error) -> RouteMatch {
    RouteMatch(Route(.POST, route.pattern, route.family, isOpen: route.isOpen, schema: .hidden) { _ in throw error })
  }
}

extension ByteBuffer {
  /// Reads a message of Protocol Buffers.
  ///
  /// - Throws: ``RequestError`` 400 for bytes that are none.
  func readMessage<Result>(_ body: (inout ProtobufReader) throws -> Result) throws -> Result {
    try withUnsafeReadableBytes { bytes in
      do {
        var reader = try ProtobufReader(bytes)
        return try body(&reader)
      } catch let error as ProtobufError {
        throw RequestError.bad("The message cannot be read: \(error.message).")
      }
    }
  }
}

extension ServerResponse {
  /// An answer of gRPC.
  static func message(_ write: (inout ProtobufWriter) -> Void) -> ServerResponse {
    var writer = ProtobufWriter()
    write(&writer)
    return ServerResponse(mediaType: "application/grpc", body: ByteBuffer(bytes: writer.bytes))
  }
}
