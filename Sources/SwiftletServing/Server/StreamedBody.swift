// SPDX-License-Identifier: Apache-2.0
//
// StreamedBody: a body on its way to the client while it is still being made.
//
// The body is written in a task of its own. Each piece goes out at once; a client that reads slowly makes the next
// write wait, and one that is gone cancels the task. HTTP/1.1 marks every piece with its length, so that the client
// knows the end; HTTP/1.0 has no such marks, and the end is that of the connection.
//
// Before    IncomingRequest.swift     After    HTTPConnection.swift
// Source    RFC 9112, section 7.1

import NIOCore

/// Writes one streamed body. Used on the event loop of its channel.
final class StreamedBody {
  private let channel: any Channel
  private let isChunked: Bool
  private var byteCount = 0
  /// Writes that wait until the client has read the earlier ones.
  private var waiting: [EventLoopPromise<Void>] = []
  private var task: Task<Void, Never>?
  private var isCancelled = false

  init(_ channel: any Channel, isChunked: Bool) {
    self.channel = channel
    self.isChunked = isChunked
  }

  /// Starts the task.
  ///
  /// - Parameter isOver: Called once on the event loop: with the number of bytes, and whether they are the whole body.
  func start(_ stream: ResponseStream, isOver: @escaping (Int, Bool) -> Void) {
    let loop = channel.eventLoop
    let bound = NIOLoopBound((body: self, isOver: isOver), eventLoop: loop)
    let writer = StreamWriter { piece in try await loop.flatSubmit { bound.value.body.write(piece) }.get() }
    task = Task {
      let isWhole: Bool
      do {
        try await stream.write(writer)
        isWhole = true
      } catch {
        isWhole = false
      }
      loop.execute { bound.value.body.end(isWhole, bound.value.isOver) }
    }
  }

  private func write(_ piece: ByteBuffer) -> EventLoopFuture<Void> {
    guard !isCancelled, channel.isActive else {
      cancel()
      return channel.eventLoop.makeFailedFuture(CancellationError())
    }
    guard piece.readableBytes > 0 else { return channel.eventLoop.makeSucceededVoidFuture() }
    byteCount += piece.readableBytes
    channel.writeAndFlush(isChunked ? StreamedBody.chunk(piece) : piece, promise: nil)
    if channel.isWritable { return channel.eventLoop.makeSucceededVoidFuture() }
    let promise = channel.eventLoop.makePromise(of: Void.self)
    waiting.append(promise)
    return promise.futureResult
  }

  private func end(_ isWhole: Bool, _ isOver: (Int, Bool) -> Void) {
    task = nil
    let isWhole = isWhole && !isCancelled && channel.isActive
    if isWhole, isChunked { channel.writeAndFlush(ByteBuffer(string: "0\r\n\r\n"), promise: nil) }
    isOver(byteCount, isWhole)
  }

  /// The client has taken what waited for it.
  func goOn() {
    let promises = waiting
    waiting = []
    for promise in promises { promise.succeed() }
  }

  /// The client is gone: nothing more is written.
  func cancel() {
    isCancelled = true
    task?.cancel()
    let promises = waiting
    waiting = []
    for promise in promises { promise.fail(CancellationError()) }
  }

  /// A piece between its length, in hexadecimal digits, and the end of a line.
  private static func chunk(_ piece: ByteBuffer) -> ByteBuffer {
    var chunk = ByteBuffer(string: String(piece.readableBytes, radix: 16) + "\r\n")
    chunk.writeImmutableBuffer(piece)
    chunk.writeStaticString("\r\n")
    return chunk
  }
}
