// SPDX-License-Identifier: Apache-2.0
//
// LiveEvents: what happened in a training, for browsers that come and go.
//
// A browser that comes late, or whose connection broke, names the last event that it had, and gets the ones after it.
//
// Before    Repository/RepositoryWatcher.swift     After    LiveHandler.swift
// Source    WHATWG, "HTML Living Standard", section 9.2 (server-sent events)

import NIOCore
import NIOHTTP1
import Synchronization

/// The events so far, and who listens to them.
final class LiveEvents: Sendable {
  /// More browsers are turned away.
  static let mostListeners = 16
  /// Older events are forgotten: the page of a longer run is drawn from its last epochs.
  static let mostEvents = 20_000

  private struct State {
    var events: [Event] = []
    var listeners: [ObjectIdentifier: any Channel] = [:]
    var isOver = false
  }

  private struct Event {
    let id: Int
    let text: String
  }

  private let state = Mutex(State())

  /// Adds an event, and sends it to all who listen. It never waits: who does not keep up is let go, and asks again by itself.
  ///
  /// - Parameters:
  ///   - id: Larger than those before.
  ///   - name: What kind of event it is.
  ///   - data: One line.
  func add(id: Int, _ name: String, data: String) {
    let text = "id: \(id)\nevent: \(name)\ndata: \(data)\n\n"
    let listeners = state.withLock { state in
      if state.events.count >= Self.mostEvents { state.events.removeFirst(Self.mostEvents / 10) }
      state.events.append(Event(id: id, text: text))
      return Array(state.listeners.values)
    }
    for channel in listeners {
      if channel.isWritable { LiveEvents.write(text, to: channel) } else { channel.close(promise: nil) }
    }
  }

  /// Takes a listener.
  ///
  /// - Parameter last: The id of the last event that it had; 0 for none.
  /// - Returns: What it has missed; `nil` if there are too many, or all is over.
  func join(_ channel: any Channel, after last: Int) -> String? {
    state.withLock { state in
      guard !state.isOver, state.listeners.count < Self.mostListeners else { return nil }
      state.listeners[ObjectIdentifier(channel)] = channel
      return state.events.filter { $0.id > last }.map(\.text).joined()
    }
  }

  func leave(_ channel: any Channel) {
    state.withLock { state in _ = state.listeners.removeValue(forKey: ObjectIdentifier(channel)) }
  }

  /// Ends the answers of all who listen.
  func end() {
    let listeners = state.withLock { state in
      state.isOver = true
      defer { state.listeners = [:] }
      return Array(state.listeners.values)
    }
    for channel in listeners {
      channel.writeAndFlush(HTTPServerResponsePart.end(nil)).whenComplete { _ in channel.close(promise: nil) }
    }
  }

  static func write(_ text: String, to channel: any Channel) {
    channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text))), promise: nil)
  }
}
