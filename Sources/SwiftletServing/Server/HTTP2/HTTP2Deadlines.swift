// SPDX-License-Identifier: Apache-2.0
//
// When a connection of HTTP/2 is given up: requests that do not arrive, answers that are not read, silence.
//
// A stream of calls may be silent as long as it likes, between its messages; its connection gives way to another one
// where the server is full.
//
// Before    HTTP2Connection.swift     After    HTTP2Answers.swift

import NIOCore
import NIOHTTP2

extension HTTP2Connection {
  /// Whether nothing is asked, and everything is answered.
  var isIdle: Bool {
    incoming.isEmpty && refused.isEmpty && streams.isEmpty && unsent.count == 0 && calls.values.allSatisfy(\.isIdle)
  }

  func setDeadline(_ context: ChannelHandlerContext) {
    if isIdle { seat?.becomeIdle(at: context.eventLoop.now) } else { seat?.becomeBusy() }
    let begun = calls.isEmpty ? [] : calls.values.compactMap(\.begun)
    if !incoming.isEmpty || !refused.isEmpty || !begun.isEmpty,
      let first = (incoming.values.map(\.request.received) + refused.values + begun).min()
    {
      expire(first + .milliseconds(Int64(clamping: options.limits.readTimeoutMilliseconds)), context)
    } else if streams.isEmpty && calls.isEmpty || unsent.count > 0 {
      expire(context.eventLoop.now + patience, context)
    } else {
      deadline.lift()  // answers are being made, which has limits of its own, or a call stays open
    }
  }

  /// How long nothing may move. An extra connection that asks nothing would stand in the way of the next probe.
  private var patience: TimeAmount {
    let timeout = TimeAmount.milliseconds(Int64(clamping: options.limits.idleTimeoutMilliseconds))
    return seat?.isExtra == true ? min(timeout, .seconds(2)) : timeout
  }

  private func expire(_ time: NIODeadline, _ context: ChannelHandlerContext) {
    deadline.set(time, on: context.eventLoop) { self.giveUp(context) }
  }

  /// Refuses the requests that did not arrive in time. Where there are none, nothing has moved for a while.
  private func giveUp(_ context: ChannelHandlerContext) {
    let limit = TimeAmount.milliseconds(Int64(clamping: options.limits.readTimeoutMilliseconds))
    let begun = context.eventLoop.now - limit
    let late = incoming.filter { $0.value.request.received <= begun }.keys.sorted()
    let dropped = refused.filter { $0.value <= begun }.keys.sorted()
    let lateCalls = calls.filter { $0.value.begun.map { $0 <= begun } ?? false }.keys.sorted()
    let error = RequestError(.requestTimeout, "The body did not arrive in time.")
    for id in late { refuse(error, id, isCall: incoming[id]?.form.isCall == true, isWhole: false, context) }
    for id in lateCalls { end(call: id, error, context) }
    for id in dropped {
      refused[id] = nil
      send(.rstStream(.noError), on: id, context)
    }
    flush(context)
    if !late.isEmpty || !dropped.isEmpty || !lateCalls.isEmpty {
      setDeadline(context)
    } else if streams.isEmpty, calls.isEmpty, unsent.count == 0 {
      leave(context)
    } else {
      context.close(promise: nil)
    }
  }
}
