// SPDX-License-Identifier: Apache-2.0
//
// The methods of the server, with messages that are bytes.
//
// Before    Messages.swift     After    -

import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// Messages as they are.
private struct Bytes: MessageSerializer, MessageDeserializer {
  func serialize<Buffer: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Buffer { Buffer(message) }
  func deserialize<Buffer: GRPCContiguousBytes>(_ bytes: Buffer) throws -> [UInt8] {
    bytes.withUnsafeBytes { Array($0) }
  }
}

/// A client of the inference service.
struct InferenceClient: Sendable {
  static let inference = "inference.GRPCInferenceService"
  static let health = "grpc.health.v1.Health"

  let client: GRPCClient<HTTP2ClientTransport.Posix>

  private func method(_ name: String, _ service: String = inference) -> MethodDescriptor {
    MethodDescriptor(service: ServiceDescriptor(fullyQualifiedService: service), method: name)
  }

  /// One message for one.
  func call(_ name: String, _ message: [UInt8], service: String = inference) async throws -> [UInt8] {
    try await client.unary(
      request: ClientRequest(message: message), descriptor: method(name, service), serializer: Bytes(),
      deserializer: Bytes(), options: .defaults
    ) { try $0.message }
  }

  /// The first answer to a watcher, who then goes away.
  func firstWatched() async throws -> [UInt8] {
    try await client.serverStreaming(
      request: ClientRequest(message: []), descriptor: method("Watch", Self.health), serializer: Bytes(),
      deserializer: Bytes(), options: .defaults
    ) { response in
      for try await message in response.messages { return message }
      return []
    }
  }

  /// The answers to the messages of a stream.
  func stream(_ messages: [[UInt8]]) async throws -> [[UInt8]] {
    let request = StreamingClientRequest<[UInt8]> { writer in
      for message in messages { try await writer.write(message) }
    }
    return try await client.bidirectionalStreaming(
      request: request, descriptor: method("ModelStreamInfer"), serializer: Bytes(), deserializer: Bytes(),
      options: .defaults
    ) { response in
      try await response.messages.reduce(into: []) { $0.append($1) }
    }
  }

  /// A stream that the client never ends.
  func unendingStream(deadline: Duration) async throws -> Int {
    var options = CallOptions.defaults
    options.timeout = deadline
    let request = StreamingClientRequest<[UInt8]> { _ in try await Task.sleep(for: .seconds(30)) }
    return try await client.bidirectionalStreaming(
      request: request, descriptor: method("ModelStreamInfer"), serializer: Bytes(), deserializer: Bytes(),
      options: options
    ) { response in
      try await response.messages.reduce(0) { count, _ in count + 1 }
    }
  }
}
