// SPDX-License-Identifier: Apache-2.0
//
// FamiliarRequest: the last request of a connection.
//
// A client asks the same path of the same host again and again. Parsing them each time costs more than
// a small model's answer, so a connection remembers the result.
//
// Before    Routes.swift     After    Responder.swift

/// The path and the host of a connection's last request.
struct FamiliarRequest {
  private var target: String?
  private var match: RouteMatch?
  /// A host by which this server may be called.
  var allowedHost: String?

  init() {}

  /// The routes of a target, which is parsed only if it differs from the last one.
  mutating func match(_ target: String, in table: RouteTable) -> RouteMatch? {
    if self.target != target {
      self.target = target
      match = table.match(target)
    }
    return match
  }
}
