// SPDX-License-Identifier: Apache-2.0
//
// IncomingRequest: a request that is arriving, within the limits on its size.
//
// Before    BodyBudget.swift     After    StreamedBody.swift
// Source    RFC 9112, sections 3.2 (targets and Host) and 6.1 (codings)

import NIOCore
import NIOHTTP1

/// The head of a request, and what has come of its body.
struct IncomingRequest {
  let head: HTTPRequestHead
  let received: NIODeadline
  private(set) var charge: BodyCharge?
  private var body = ByteBuffer()
  private var pieceCount = 0
  private let length: Int?

  /// - Throws: ``RequestError`` 400 for a head that HTTP does not allow, 413 for a length that is over the limit, 501
  ///   for a coding that this server does not read.
  init(_ head: HTTPRequestHead, received: NIODeadline, _ options: ServerOptions) throws {
    self.head = head
    self.received = received
    length = try head.headers.first(name: "content-length").map { text in
      guard let length = Int(text), length >= 0, length <= options.maxBodyBytes else {
        throw IncomingRequest.tooLarge(options)
      }
      return length
    }
    try IncomingRequest.check(head)
  }

  private static func check(_ head: HTTPRequestHead) throws {
    let hostCount = head.headers["host"].count
    guard hostCount == 1 || hostCount == 0 && head.version == .http1_0 else {
      throw RequestError.bad(
        "A request has one header Host, and this one has \(hostCount == 0 ? "none" : "\(hostCount)").")
    }
    let codings = head.headers["transfer-encoding"]
    guard codings.isEmpty || codings.count == 1 && codings[0].lowercased() == "chunked" else {
      throw RequestError(
        .notImplemented, "This server reads no Transfer-Encoding but chunked; compress with Content-Encoding: gzip.")
    }
  }

  /// Takes a piece of the body.
  ///
  /// - Throws: ``RequestError`` 413 once the body is too large, or comes in too many chunks, 503 where the bodies of
  ///   all requests leave no room for it.
  mutating func add(_ piece: ByteBuffer, _ options: ServerOptions, _ budget: BodyBudget) throws {
    // Segments of TCP are as long as the network makes them; chunks are as long as the client makes them.
    if length == nil { pieceCount += 1 }
    let count = body.readableBytes + piece.readableBytes
    guard count <= options.maxBodyBytes, pieceCount <= options.maxBodyPieces else {
      throw IncomingRequest.tooLarge(options)
    }
    try count > BodyBudget.free ? pay(for: count, budget) : ()
    guard body.readableBytes > 0 else {
      body = piece
      return
    }
    if let length, body.capacity < length { body.reserveCapacity(length) }
    body.writeImmutableBuffer(piece)
  }

  private mutating func pay(for count: Int, _ budget: BodyBudget) throws {
    let charge = self.charge ?? BodyCharge(budget)
    self.charge = charge
    let paid = max(0, body.readableBytes - BodyBudget.free)
    guard charge.add(count - BodyBudget.free - paid) else {
      throw RequestError(
        .serviceUnavailable,
        "The bodies of other requests leave no room for this one; --max-total-body-bytes sets how much there is.",
        headers: ["Retry-After": "1"], rejection: .memoryFull)
    }
  }

  /// Whether the client waits for leave to send the body.
  var asksFirst: Bool {
    head.version != .http1_0 && head.headers.first(name: "expect")?.lowercased() == "100-continue"
  }

  /// The request, once it is whole.
  func whole(from client: SocketAddress?) -> ServerRequest {
    var request = ServerRequest(
      head.method, head.uri, headers: head.headers, body: body, received: received, client: client)
    if head.uri.utf8.first != UInt8(ascii: "/") { request.takeHostFromTarget() }
    // HTTP/1.0 knows no Host. No browser speaks it, so no page can be behind such a request.
    if head.version == .http1_0, !request.headers.contains(name: "host") {
      request.headers.add(name: "Host", value: "localhost")
    }
    return request
  }

  private static func tooLarge(_ options: ServerOptions) -> RequestError {
    RequestError(
      .payloadTooLarge,
      "The body is larger than the \(options.maxBodyBytes) bytes, or comes in more than the \(options.maxBodyPieces) pieces, that this server reads."
    )
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
