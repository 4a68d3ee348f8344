// SPDX-License-Identifier: Apache-2.0
//
// What a connection asked last.
//
// A client asks the same path of the same host again and again. Understanding them anew each time costs more than
// a small model's answer, so a connection remembers what they came to.
//
// Before    Routes.swift     After    Responder.swift

/// The path and the host of a connection's last request.
struct FamiliarRequest {
  private var target: String?
  private var match: RouteMatch?
  /// A host by which this server may be called.
  var allowedHost: String?

  init() {}

  /// The routes of a target, which is read only where it differs from the last one.
  mutating func match(_ target: String, in table: RouteTable) -> RouteMatch? {
    if self.target != target {
      self.target = target
      match = table.match(target)
    }
    return match
  }
}
