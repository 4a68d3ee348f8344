// SPDX-License-Identifier: Apache-2.0
//
// CallStream: a call of gRPC whose messages come and go one by one.
//
// One message is answered at a time, so the answers have the order of the messages; what comes meanwhile waits here, up
// to a window, and the rest with the client.
//
// Before    HTTP2Calls.swift     After    HTTP2Fields.swift

import NIOCore

/// A call that is open. Used on the event loop of its connection.
final class CallStream {
  let method: GRPCMethod
  /// The head of the call.
  let request: ServerRequest
  /// What has come and was not taken.
  private(set) var buffer = ByteBuffer()
  /// Since when a message is coming.
  private(set) var begun: NIODeadline?
  private var pieceCount = 0
  private var charge: BodyCharge?
  private var chargedCount = 0
  /// Whether a message is being answered.
  var isAnswering = false
  /// Whether messages wait until the client has read other answers.
  var isHeldBack = false
  var isAdvancing = false
  /// Whether the client has sent its last message.
  var hasEnded = false
  /// Whether it ends with the answer that is being made.
  var isLast = false
  /// The answer that a watcher has.
  var watched: ByteBuffer?
  /// Bytes that the client may send before it hears of more room.
  var window = HTTP2Connection.windowSize
  /// Ends the call at its deadline.
  private(set) var deadline: Scheduled<Void>?
  /// Looks again at what is watched.
  private(set) var look: Scheduled<Void>?

  init(_ method: GRPCMethod, _ request: ServerRequest) {
    self.method = method
    self.request = request
  }

  /// Whether it goes on once answers are read.
  var isWaiting: Bool { isHeldBack && !isAnswering }
  /// Whether nothing is asked.
  var isIdle: Bool { !isAnswering && begun == nil && buffer.readableBytes == 0 }
  /// Whether more may come: a message that is not whole, or a few ahead.
  var hasRoom: Bool { !(isAnswering || isHeldBack) || buffer.readableBytes < HTTP2Connection.windowSize }

  /// Takes a piece.
  ///
  /// - Throws: ``RequestError`` 413 for a message in too many pieces, 503 where the bodies of all requests leave no room.
  func add(_ piece: ByteBuffer, at now: NIODeadline, _ options: ServerOptions, _ budget: BodyBudget) throws {
    pieceCount += 1
    guard pieceCount <= options.limits.maxBodyPieces else { throw IncomingRequest.tooLarge(options) }
    if begun == nil { begun = now }
    buffer.writeImmutableBuffer(piece)
    let uncharged = buffer.readableBytes - BodyBudget.free - chargedCount
    guard uncharged > 0 else { return }
    let charge = charge ?? BodyCharge(budget)
    self.charge = charge
    guard charge.add(uncharged) else { throw IncomingRequest.memoryFull }
    chargedCount += uncharged
  }

  /// Takes the next whole message off; `nil` if there is none.
  func next(limit: Int, at now: NIODeadline) throws -> GRPCFrame? {
    guard let frame = try GRPCFrame.next(from: &buffer, limit: limit) else { return nil }
    pieceCount = 0
    buffer.discardReadBytes()
    begun = buffer.readableBytes > 0 ? now : nil
    if buffer.readableBytes <= BodyBudget.free {
      charge = nil
      chargedCount = 0
    }
    return frame
  }

  func end(in time: TimeAmount, on loop: any EventLoop, _ body: @escaping () -> Void) {
    deadline = loop.assumeIsolated().scheduleTask(in: time, body)
  }

  func look(in time: TimeAmount, on loop: any EventLoop, _ body: @escaping () -> Void) {
    look = loop.assumeIsolated().scheduleTask(in: time, body)
  }

  /// Nobody is interested any more.
  func cancel() {
    deadline?.cancel()
    look?.cancel()
  }
}
