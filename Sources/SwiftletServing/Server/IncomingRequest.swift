// SPDX-License-Identifier: Apache-2.0
//
// IncomingRequest: a request that is arriving, within the limits on its size.
//
// Before    BodyBudget.swift     After    StreamedBody.swift
// Source    RFC 9112, sections 3.2 (targets and Host) and 6.1 (codings)

import NIOCore
import NIOHTTP1

/// How the answer to a request is sent.
struct AnswerForm {
  let isHead: Bool
  let version: HTTPVersion
  let keepsAlive: Bool
  /// Whether it is a call of gRPC, whose answer has messages and a status behind them.
  var isCall = false
}

/// The head of a request, and what has come of its body.
struct IncomingRequest {
  private(set) var request: ServerRequest
  var form: AnswerForm
  private(set) var charge: BodyCharge?
  /// Whether the client waits for leave to send the body.
  private(set) var asksFirst = false
  private var pieceCount = 0
  private var length: Int?

  /// - Throws: ``RequestError`` 400 for a head that HTTP does not allow, 413 for a length that is over the limit, 501
  ///   for a coding that this server does not read.
  init(_ head: HTTPRequestHead, received: NIODeadline, from client: SocketAddress?, _ options: ServerOptions) throws {
    form = AnswerForm(isHead: head.method == .HEAD, version: head.version, keepsAlive: head.isKeepAlive)
    request = ServerRequest(head.method, head.uri, headers: head.headers, received: received, client: client)
    var hostCount = 0
    var codings: [String] = []
    for (name, value) in head.headers {  // in one pass: a search for each of them takes longer than a small answer
      switch name.utf8.count {
      case 4 where isField(name, "host"): hostCount += 1
      case 6 where isField(name, "expect"):
        asksFirst = head.version != .http1_0 && value.lowercased() == "100-continue"
      case 14 where length == nil && isField(name, "content-length"):
        guard let count = Int(value), count >= 0, count <= options.limits.maxBodyBytes else {
          throw IncomingRequest.tooLarge(options)
        }
        length = count
      case 17 where isField(name, "transfer-encoding"): codings.append(value)
      default: break
      }
    }
    try IncomingRequest.check(hostCount, codings, head.version)
    completeHost(hostCount)
  }

  private static func check(_ hostCount: Int, _ codings: [String], _ version: HTTPVersion) throws {
    guard hostCount == 1 || hostCount == 0 && version == .http1_0 else {
      throw RequestError.bad(
        "A request has one header Host, and this one has \(hostCount == 0 ? "none" : "\(hostCount)").")
    }
    guard codings.isEmpty || codings.count == 1 && codings[0].lowercased() == "chunked" else {
      throw RequestError(
        .notImplemented, "This server reads no Transfer-Encoding but chunked; compress with Content-Encoding: gzip.")
    }
  }

  private mutating func completeHost(_ hostCount: Int) {
    if request.target.utf8.first != UInt8(ascii: "/") { request.takeHostFromTarget() }
    // HTTP/1.0 knows no Host. No browser speaks it, so no page can be behind such a request.
    if hostCount == 0, !request.headers.contains(name: "host") { request.headers.add(name: "Host", value: "localhost") }
  }

  /// Takes a piece of the body.
  ///
  /// - Throws: ``RequestError`` 413 once the body is too large, or comes in too many chunks, 503 where the bodies of
  ///   all requests leave no room for it.
  mutating func add(_ piece: ByteBuffer, _ options: ServerOptions, _ budget: BodyBudget) throws {
    // Segments of TCP are as long as the network makes them; chunks are as long as the client makes them.
    if length == nil { pieceCount += 1 }
    let before = request.body.readableBytes
    let count = before + piece.readableBytes
    guard count <= options.limits.maxBodyBytes, pieceCount <= options.limits.maxBodyPieces else {
      throw IncomingRequest.tooLarge(options)
    }
    try count > BodyBudget.free ? pay(for: count, budget) : ()
    guard before > 0 else {
      request.body = piece
      return
    }
    if let length, request.body.capacity < length { request.body.reserveCapacity(length) }
    request.body.writeImmutableBuffer(piece)
  }

  private mutating func pay(for count: Int, _ budget: BodyBudget) throws {
    let charge = self.charge ?? BodyCharge(budget)
    self.charge = charge
    let paid = max(0, request.body.readableBytes - BodyBudget.free)
    guard charge.add(count - BodyBudget.free - paid) else {
      throw IncomingRequest.memoryFull
    }
  }

  static let memoryFull = RequestError(
    .serviceUnavailable,
    "The bodies of other requests leave no room for this one; --max-total-body-bytes sets how much there is.",
    headers: ["Retry-After": "1"], rejection: .memoryFull)

  static func tooLarge(_ options: ServerOptions) -> RequestError {
    RequestError(
      .payloadTooLarge,
      "The body is larger than the \(options.limits.maxBodyBytes) bytes, or comes in more than the \(options.limits.maxBodyPieces) pieces, that this server reads."
    )
  }
}

/// Whether a header's name is this one, which is given in lower case.
private func isField(_ name: String, _ field: StaticString) -> Bool {
  var name = name
  return name.withUTF8 { name in
    name.count == field.utf8CodeUnitCount && name.indices.allSatisfy { name[$0] | 0x20 == field.utf8Start[$0] }
  }
}

extension ServerRequest {
  /// `http://host/path`, as a proxy is asked: the host of the target is the one that counts.
  fileprivate mutating func takeHostFromTarget() {
    guard let start = ["http://", "https://"].first(where: { target.lowercased().hasPrefix($0) }) else { return }
    let rest = target.dropFirst(start.count)
    let host = rest.prefix { $0 != "/" && $0 != "?" }
    headers.replaceOrAdd(name: "Host", value: String(host))
    let path = rest.dropFirst(host.count)
    target = path.first == "/" ? String(path) : "/" + path
  }
}
