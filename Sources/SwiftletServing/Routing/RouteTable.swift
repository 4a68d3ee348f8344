// SPDX-License-Identifier: Apache-2.0
//
// RouteTable: from the path of a request to its routes.
//
// A path is split first and decoded afterwards, each part once, so that an encoded slash stays a part of a name; and a
// name is only ever looked up among the models, never put into a path of this machine. The table is a tree with a
// branch for each part: a word goes before a parameter, and where a branch leads nowhere the next one is tried.
//
// Before    PathPattern.swift     After    PercentDecoding.swift

import NIOHTTP1

/// The values of a path's parameters.
struct PathParameters: Sendable {
  fileprivate var values: [(name: String, value: String)] = []

  subscript(name: String) -> String? { values.first { $0.name == name }?.value }
  var model: String? { self["model"] }
  var version: String? { self["version"] }
}

/// A path that was understood: its routes, one for each method, and the values of its parameters.
struct RouteMatch: Sendable {
  fileprivate(set) var routes: [Route] = []
  fileprivate(set) var path = PathParameters()

  fileprivate init() {}

  /// A route that was found without its pattern, and the model that it is asked for.
  init(_ route: Route, model: String? = nil, version: String? = nil) {
    routes = [route]
    if let model { path.values.append(("model", model)) }
    if let version { path.values.append(("version", version)) }
  }

  /// The route for a method; for a method that none takes, the first one, to speak for its path.
  func route(for method: HTTPMethod) -> Route? { routes.first { $0.takes(method) } ?? routes.first }

  /// The methods with which the path is asked.
  var methods: [HTTPMethod] { routes.flatMap(\.methods) }

  /// The same as a header writes them.
  var allowed: String { methods.map(\.rawValue).joined(separator: ", ") }
}

/// All routes of a server.
package struct RouteTable: Sendable {
  /// The routes in their order, without those whose path an earlier one has.
  private(set) var routes: [Route] = []
  private var root = Branch()

  /// Paths that begin alike.
  private struct Branch: Sendable {
    var words: [String: Branch] = [:]
    var parameters: [(name: String, branch: Branch)] = []
    /// The routes that end here: without a verb, and with one.
    var routes: [Route] = []
    var verbs: [String: [Route]] = [:]
  }

  /// - Parameter routes: If two have the same method and path, the first one answers.
  init(_ routes: [Route]) {
    for route in routes {
      let added = PathPattern.all(route.pattern).map { RouteTable.add(route, $0.parts[...], $0.verb, to: &root) }
      if added.contains(true) { self.routes.append(route) }
    }
  }

  /// - Returns: Whether no earlier route has its method and path.
  private static func add(
    _ route: Route, _ parts: ArraySlice<PathPattern.Part>, _ verb: String?, to branch: inout Branch
  ) -> Bool {
    let rest = parts.dropFirst()
    switch parts.first {
    case .word(let word)?: return add(route, rest, verb, to: &branch.words[word, default: Branch()])
    case .parameter(let name)?:
      if !branch.parameters.contains(where: { $0.name == name }) { branch.parameters.append((name, Branch())) }
      let position = branch.parameters.firstIndex { $0.name == name } ?? 0
      return add(route, rest, verb, to: &branch.parameters[position].branch)
    case nil:
      guard let verb else { return add(route, to: &branch.routes) }
      return add(route, to: &branch.verbs[verb, default: []])
    }
  }

  private static func add(_ route: Route, to routes: inout [Route]) -> Bool {
    if routes.contains(where: { $0.method == route.method }) { return false }
    routes.append(route)
    return true
  }

  /// Understands the target of a request; `nil` if there is no such path.
  func match(_ target: String) -> RouteMatch? {
    let path = target.prefix { $0 != "?" }
    guard path.first == "/" else { return nil }
    var parts: [String] = []
    for part in splitPath(path) {
      guard let part = percentDecoded(part) else { return nil }
      parts.append(part)
    }
    var match = RouteMatch()
    return RouteTable.find(parts[...], in: root, &match) ? match : nil
  }

  private static func find(_ parts: ArraySlice<String>, in branch: Branch, _ match: inout RouteMatch) -> Bool {
    guard let part = parts.first else {
      match.routes = branch.routes
      return !match.routes.isEmpty
    }
    let rest = parts.dropFirst()
    let call = rest.isEmpty ? splitVerb(part[...]) : nil
    if let call, let routes = branch.words[String(call.word)]?.verbs[String(call.verb)] {
      match.routes = routes
      return true
    }
    if let branch = branch.words[part], find(rest, in: branch, &match) { return true }
    for (name, branch) in branch.parameters {
      // Where a path has verbs, what stands behind the last colon is one, or there is no such path.
      let hasVerb = call != nil && !branch.verbs.isEmpty
      match.path.values.append((name, hasVerb ? String(call?.word ?? "") : part))
      if let call, hasVerb {
        match.routes = branch.verbs[String(call.verb)] ?? []
        if !match.routes.isEmpty { return true }
      } else if find(rest, in: branch, &match) {
        return true
      }
      match.path.values.removeLast()
    }
    return false
  }
}
