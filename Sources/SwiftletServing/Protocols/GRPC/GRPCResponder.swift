// SPDX-License-Identifier: Apache-2.0
//
// From the message of a call to its answer, by the road of every other request.
//
// Before    GRPCMethod.swift     After    InferenceService.swift

import NIOCore
import NIOHTTP1

extension Responder {
  /// Answers a call of one message, which is the body of the request.
  func respond(
    toCall request: ServerRequest, _ method: GRPCMethod, on loop: any EventLoop, familiar: inout FamiliarRequest
  ) -> Reply {
    do {
      let frame = try GRPCFrame.only(in: request.body, limit: options.limits.maxBodyBytes)
      return respond(to: frame, of: request, method, on: loop, familiar: &familiar)
    } catch {
      return respond(to: request, method.refusing(error), on: loop, familiar: &familiar)
    }
  }

  /// Answers a message.
  ///
  /// - Parameter request: The head of its call.
  func respond(
    to frame: GRPCFrame, of request: ServerRequest, _ method: GRPCMethod, on loop: any EventLoop,
    familiar: inout FamiliarRequest
  ) -> Reply {
    var request = request
    request.body = frame.message
    if frame.isCompressed { return respond(toPacked: request, method, on: loop) }
    return respond(to: request, match(of: request, method), on: loop, familiar: &familiar)
  }

  private func match(of request: ServerRequest, _ method: GRPCMethod) -> RouteMatch {
    do { return try method.match(request.body) } catch { return method.refusing(error) }
  }

  /// Inflates a message on the pool, and then answers it.
  private func respond(toPacked request: ServerRequest, _ method: GRPCMethod, on loop: any EventLoop) -> Reply {
    let limit = options.limits.maxBodyBytes
    let inflating = aside(true, loop) { () -> Result<ServerRequest, any Error> in
      Result { try GRPCCompression.decoded(request, limit: limit) }
    }
    return .later(
      inflating.flatMap { result in
        var familiar = FamiliarRequest()
        switch result {
        case .success(let plain):
          let reply = self.respond(to: plain, self.match(of: plain, method), on: loop, familiar: &familiar)
          return Responder.whole(reply, on: loop)
        case .failure(let error):
          let reply = self.respond(to: request, method.refusing(error), on: loop, familiar: &familiar)
          return Responder.whole(reply, on: loop)
        }
      })
  }
}

/// Messages that a client has compressed. Those of the server are not.
private enum GRPCCompression {
  private static let codings = ["gzip", "deflate"]

  /// - Throws: ``RequestError`` 501 for another coding, 413 for a message that inflates to too much, 400 for one that is
  ///   not what it claims to be.
  static func decoded(_ request: ServerRequest, limit: Int) throws -> ServerRequest {
    let coding = request.headers.first(name: "grpc-encoding") ?? "identity"
    guard codings.contains(coding) else {
      throw RequestError(
        .notImplemented,
        "The message is compressed in a way that this server does not read; it reads gzip and deflate.",
        headers: ["grpc-accept-encoding": "identity,deflate,gzip"])
    }
    var packed = request
    packed.headers.replaceOrAdd(name: "content-encoding", value: coding)
    var plain = try Compression.decoded(packed, limit: limit)
    plain.headers.remove(name: "content-encoding")
    return plain
  }
}
