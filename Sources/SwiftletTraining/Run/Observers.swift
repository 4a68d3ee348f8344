// SPDX-License-Identifier: Apache-2.0
//
// Observers: several observers as one.
//
// Before    RunEvent.swift     After    RunRecord.swift

/// Several observers as one: each sees every event, and each may stop the run.
public struct Observers: RunObserver {
  /// The observers, in the order in which they see an event.
  public let members: [any RunObserver]

  /// Observers that watch together.
  public init(_ members: [any RunObserver]) { self.members = members }

  /// Shows the event to all of them.
  public func saw(_ event: RunEvent) { members.forEach { $0.saw(event) } }

  /// Whether any of them wants the run to end.
  public var wantsToStop: Bool { members.contains { $0.wantsToStop } }
}
