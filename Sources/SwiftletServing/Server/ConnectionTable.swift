// SPDX-License-Identifier: Apache-2.0
//
// ConnectionTable: all connections of a server, and which of them gives way to a new one.
//
// Clients keep their connections open, so a full server is full of idle ones. Then the one that has been idle the
// longest is closed for a new one. If none is idle the new one is extra: its request is read, and a probe is answered,
// so that a busy server does not look dead; anything else is 503 at once.
//
// Before    ConnectionDeadline.swift     After    AcceptGate.swift

import NIOCore
import NIOHTTP1
import Synchronization

/// The open connections.
final class ConnectionTable: Sendable {
  /// Asks a connection that is idle to close.
  struct GiveWay: Sendable {}

  /// A connection's place.
  final class Seat: Sendable {
    fileprivate let channel: any Channel
    fileprivate let number: Int
    /// Whether it came when all others were busy.
    let isExtra: Bool
    private let idleSince = Atomic<UInt64>(0)

    fileprivate init(_ channel: any Channel, number: Int, isExtra: Bool) {
      self.channel = channel
      self.number = number
      self.isExtra = isExtra
    }

    /// It waits for a request.
    func becomeIdle(at time: NIODeadline) { idleSince.store(max(1, time.uptimeNanoseconds), ordering: .relaxed) }
    func becomeBusy() { idleSince.store(0, ordering: .relaxed) }
    /// When it became idle; `nil` while it is busy.
    fileprivate var idle: UInt64? {
      let time = idleSince.load(ordering: .relaxed)
      return time > 0 ? time : nil
    }
  }

  /// The largest number of extra connections, whose clients are told that the limit is reached.
  static let extraCount = 32
  /// The largest number of connections that are searched for the one that is idle the longest.
  private static let lookLimit = 4096

  let limit: Int
  private let seats = Mutex<(next: Int, open: [Int: Seat])>((0, [:]))

  init(limit: Int) { self.limit = limit }

  /// Number of open connections.
  var count: Int { seats.withLock { $0.open.count } }

  /// Gives a connection a place, for which an idle one may have to go.
  func admit(_ channel: any Channel) -> Seat {
    let (seat, idlest) = seats.withLock { seats -> (Seat, Seat?) in
      let isFull = seats.open.count >= limit
      let idlest = isFull ? ConnectionTable.idlest(seats.open) : nil
      idlest?.becomeBusy()  // so that the next one chooses another
      let seat = Seat(channel, number: seats.next, isExtra: isFull && idlest == nil)
      seats.open[seats.next] = seat
      seats.next += 1
      return (seat, idlest)
    }
    idlest?.channel.pipeline.fireUserInboundEventTriggered(GiveWay())
    return seat
  }

  /// The connection has ended.
  func leave(_ seat: Seat) { seats.withLock { _ = $0.open.removeValue(forKey: seat.number) } }

  private static func idlest(_ seats: [Int: Seat]) -> Seat? {
    seats.values.prefix(lookLimit).compactMap { seat in seat.idle.map { (seat, $0) } }.min { $0.1 < $1.1 }?.0
  }
}

extension Responder {
  /// Lets a probe in on an extra connection.
  ///
  /// - Throws: ``RequestError`` 503 for anything else.
  func admitExtra(_ head: HTTPRequestHead) throws {
    if routes.match(head.uri)?.route(for: head.method)?.isOpen == true { return }
    throw Responder.connectionsFull
  }

  static let connectionsFull = RequestError(
    .serviceUnavailable,
    "This server has as many connections as it takes, and all are busy; --max-connections sets how many.",
    headers: ["Retry-After": "1"], rejection: .connectionsFull)
}
