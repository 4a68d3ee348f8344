// SPDX-License-Identifier: Apache-2.0
//
// Route: from the path of a request to what is asked.
//
// Every path of every protocol stands here. A path is split first and decoded afterwards, each part once, so
// that an encoded slash stays a part of a name; and a name is only ever looked up among the models, never put
// into a path of this machine.
//
// Before    Wire/RequestError.swift     After    Responder.swift

import NIOHTTP1

/// What can be asked. The raw value is the path as metrics, logs and the OpenAPI document name it.
package enum Endpoint: String, Sendable, CaseIterable {
  case root = "/"
  case docs = "/docs"
  case asset = "/assets/{asset}"
  case openAPI = "/openapi.json"
  case description = "/playground/models/{model}"
  case metrics = "/metrics"
  case live = "/v2/health/live"
  case ready = "/v2/health/ready"

  package var methods: [HTTPMethod] { [.GET, .HEAD] }
}

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
  package init?(target: String) {
    let path = target.prefix { $0 != "?" }
    guard path.first == "/" else { return nil }
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
    case "docs" where rest.isEmpty: self.init(.docs)
    case "openapi.json" where rest.isEmpty: self.init(.openAPI)
    case "metrics" where rest.isEmpty: self.init(.metrics)
    case "assets" where rest.count == 1: self.init(.asset, model: rest.first)
    case "playground" where rest.count == 2 && rest.first == "models": self.init(.description, model: rest.last)
    case "v2" where rest.elementsEqual(["health", "live"]): self.init(.live)
    case "v2" where rest.elementsEqual(["health", "ready"]): self.init(.ready)
    default: return nil
    }
  }
}

/// The text of a part of a path, percent signs decoded once; `nil` for a broken sequence, for control characters
/// and for what is not UTF-8.
func percentDecoded(_ text: Substring) -> String? {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(text.utf8.count)
  var rest = text.utf8[...]
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "%") else {
      bytes.append(byte)
      continue
    }
    guard let high = rest.popFirst().flatMap(hexadecimalDigit), let low = rest.popFirst().flatMap(hexadecimalDigit)
    else { return nil }
    bytes.append(high << 4 | low)
  }
  guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
  return String(validating: bytes, as: UTF8.self)
}

private func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
