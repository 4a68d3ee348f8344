// SPDX-License-Identifier: Apache-2.0
//
// What a connection asked last.
//
// A client asks the same path of the same host again and again. Understanding them anew each time costs more than
// a small model's answer, so a connection remembers what they came to.
//
// Before    PercentDecoding.swift     After    Responder.swift

/// The path and the host of a connection's last request.
package struct FamiliarRequest {
  private var target: String?
  private var route: Route?
  /// A host by which this server may be called.
  var allowedHost: String?

  package init() {}

  /// The route of a target, which is read only where it is another one than last time.
  mutating func route(to target: String, vertex: VertexRoutes) -> Route? {
    if self.target != target { (self.target, route) = (target, Route(target: target, vertex: vertex)) }
    return route
  }
}
