// SPDX-License-Identifier: Apache-2.0
//
// Route: from the path of a request to what is asked.
//
// A path is split first and decoded afterwards, each part once, so that an encoded slash stays a part of a
// name; and a name is only ever looked up among the models, never put into a path of this machine.
//
// Before    Endpoint.swift     After    PercentDecoding.swift

/// A path that was understood.
package struct Route: Sendable, Equatable {
  package let endpoint: Endpoint
  /// The name in the path, of a model or of an asset.
  package var model: String?
  package var version: String?

  init(_ endpoint: Endpoint, model: String? = nil, version: String? = nil) {
    (self.endpoint, self.model, self.version) = (endpoint, model, version)
  }

  /// Understands the target of a request; `nil` where there is no such path.
  ///
  /// - Parameter vertex: The paths that Vertex AI chose for this server.
  package init?(target: String, vertex: VertexRoutes = VertexRoutes()) {
    let path = target.prefix { $0 != "?" }
    guard path.first == "/" else { return nil }
    if let endpoint = vertex.endpoint(of: path) {
      self.init(endpoint)
      return
    }
    var parts: [String] = []
    for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      guard let part = percentDecoded(part) else { return nil }
      parts.append(part)
    }
    if parts.last == "" { parts.removeLast() }  // a slash at the end changes nothing
    self.init(parts: parts[...])
  }

  private init?(parts: ArraySlice<String>) {
    let rest = parts.dropFirst()
    switch parts.first {
    case nil: self.init(.root)
    case "v2": self.init(v2: rest)
    case "v1": self.init(v1: rest)
    case "openai" where rest.first == "v1" && rest.dropFirst().first == "models": self.init(v1: rest.dropFirst())
    case "assets" where rest.count == 1: self.init(.asset, model: rest.first)
    case "playground" where rest.count == 2 && rest.first == "models": self.init(.description, model: rest.last)
    case "endpoints" where rest.count == 2 && rest.last == "invocations":
      self.init(.endpointInvocations, model: rest.first)
    case let word? where rest.isEmpty:
      guard let endpoint = Route.words[word] else { return nil }
      self.init(endpoint)
    default: return nil
    }
  }

  /// Paths of one word.
  private static let words: [String: Endpoint] = Dictionary(
    uniqueKeysWithValues: [
      Endpoint.docs, .openAPI, .metrics, .health, .healthz, .livez, .readyz, .version, .ping, .invocations, .score,
    ].map { (String($0.rawValue.dropFirst()), $0) })

  private init?(v2 parts: ArraySlice<String>) {
    let rest = parts.dropFirst()
    switch parts.first {
    case nil: self.init(.serverMetadata)
    case "health" where rest.count == 1 && rest.first == "live": self.init(.live)
    case "health" where rest.count == 1 && rest.first == "ready": self.init(.ready)
    case "models": self.init(v2Models: rest)
    case "repository" where rest.count == 1 && rest.first == "index": self.init(.repositoryIndex)
    case "repository" where rest.count == 3 && rest.first == "models":
      let endpoints: [String: Endpoint] = ["load": .repositoryLoad, "unload": .repositoryUnload]
      guard let endpoint = rest.last.flatMap({ endpoints[$0] }) else { return nil }
      self.init(endpoint, model: rest[rest.startIndex + 1])
    default: return nil
    }
  }

  private init?(v2Models parts: ArraySlice<String>) {
    guard let model = parts.first else {
      self.init(.modelList)
      return
    }
    var rest = parts.dropFirst()
    if model == "stats", rest.isEmpty {
      self.init(.allStatistics)
      return
    }
    let version = Route.version(&rest)
    switch rest.first {
    case nil: self.init(.modelMetadata, model: model, version: version)
    case "infer" where rest.count == 1: self.init(.infer, model: model, version: version)
    case "ready" where rest.count == 1: self.init(.modelReady, model: model, version: version)
    case "stats" where rest.count == 1: self.init(.modelStatistics, model: model, version: version)
    case "config" where rest.count == 1: self.init(.modelConfiguration, model: model, version: version)
    default: return nil
    }
  }

  private init?(v1 parts: ArraySlice<String>) {
    guard parts.first == "models" else { return nil }
    var rest = parts.dropFirst()
    guard let first = rest.popFirst() else {
      self.init(.v1List)
      return
    }
    // The verb stands at the end of the last part: iris:predict, or versions/2:predict.
    var words = [first] + rest
    var endpoint = Endpoint.v1Status
    if let last = words.last, let colon = last.lastIndex(of: ":") {
      let verbs: [Substring: Endpoint] = ["predict": .v1Predict, "classify": .v1Classify, "regress": .v1Regress]
      guard let verb = verbs[last[last.index(after: colon)...]] else { return nil }
      endpoint = verb
      words[words.count - 1] = String(last[..<colon])
    } else if words.count > 1, words.last == "metadata" {
      endpoint = .v1Metadata
      words.removeLast()
    }
    var tail = words[1...]
    var version = Route.version(&tail)
    if tail.count == 2, tail.first == "labels" {
      tail = []  // every label is the latest version
    }
    if version == "0" { version = nil }  // what a client of OpenVINO asks for when it means the latest
    guard tail.isEmpty else { return nil }
    self.init(endpoint, model: words[0], version: version)
  }

  /// Takes `versions/N` off the front.
  private static func version(_ parts: inout ArraySlice<String>) -> String? {
    guard parts.count >= 2, parts.first == "versions" else { return nil }
    parts.removeFirst()
    return parts.removeFirst()
  }
}
