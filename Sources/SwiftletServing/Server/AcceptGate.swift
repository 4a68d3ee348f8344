// SPDX-License-Identifier: Apache-2.0
//
// AcceptGate: when new connections are taken from the system.
//
// They wait in the system's queue while the table is full, and for a moment if the system has no descriptor for another:
// asking again at once would keep a whole core busy with refusals.
//
// Before    ConnectionTable.swift     After    FileLimit.swift

import Foundation
import Logging
import NIOCore

/// A handler of the channel that listens.
final class AcceptGate: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias InboundOut = any Channel
  typealias OutboundIn = Never
  typealias OutboundOut = Never

  /// How long it waits for the system to have descriptors again.
  static let pause = TimeAmount.milliseconds(100)

  private let limit: Int
  private let logger: Logger
  private var count = 0
  private var wantsToRead = false
  private var isPaused = false
  private var hasSaidSo = false

  init(limit: Int, logger: Logger) {
    self.limit = limit
    self.logger = logger
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let gate = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
    count += 1
    unwrapInboundIn(data).closeFuture.hop(to: context.eventLoop).whenComplete { _ in
      gate.value.handler.count -= 1
      gate.value.handler.goOn(gate.value.context)
    }
    context.fireChannelRead(data)
  }

  func read(context: ChannelHandlerContext) {
    if count < limit, !isPaused { context.read() } else { wantsToRead = true }
  }

  private func goOn(_ context: ChannelHandlerContext) {
    guard wantsToRead, count < limit, !isPaused else { return }
    wantsToRead = false
    context.read()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? IOError, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.errnoCode) else {
      return context.fireErrorCaught(error)
    }
    if !hasSaidSo {
      logger.warning("too many open files: new connections wait", metadata: ["error": "\(error)"])
      hasSaidSo = true
    }
    guard !isPaused else { return }
    isPaused = true
    context.eventLoop.assumeIsolated().scheduleTask(in: AcceptGate.pause) {
      self.isPaused = false
      self.goOn(context)
    }
  }
}
