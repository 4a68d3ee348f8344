// SPDX-License-Identifier: Apache-2.0
//
// Preferences: what a client prefers, by Accept and Accept-Encoding.
//
//     application/openmetrics-text;version=1.0.0;q=0.6, text/plain;q=0.3, */*;q=0.1
//
// Each range has a weight, 1 where none is written; 0 is a refusal. Of the ranges that an offer fits, the most exact
// one counts.
//
// Before    Compression.swift     After    Inference/ServedModel.swift
// Source    RFC 9110, sections 12.4.2, 12.5.1 and 12.5.3

import NIOHTTP1
import SwiftletFormats

/// The ranges of a header, with their weights.
struct Preferences {
  private struct Range {
    let name: String
    let parameters: [(name: String, value: String)]
    let weight: Double
  }

  private let ranges: [Range]
  private let header: String

  init(_ headers: HTTPHeaders, _ header: String) {
    self.header = header
    ranges = headers[header].flatMap { $0.lowercased().split(separator: ",") }.compactMap { text in
      let parts = text.split(separator: ";").map { String($0).trimmingSpaces() }
      guard let name = parts.first, !name.isEmpty else { return nil }
      let parameters = parts.dropFirst().map(Preferences.parameter)
      let weight = parameters.first { $0.name == "q" }.map { Double($0.value) ?? 0 } ?? 1
      return Range(
        name: name, parameters: parameters.filter { $0.name != "q" }, weight: weight.isFinite ? weight : 0)
    }
  }

  /// Whether the client states no preference.
  var isEmpty: Bool { ranges.isEmpty }

  /// The offer of the largest weight, the first one among equals; `nil` if all of them are refused.
  func best(of offers: [String]) -> String? {
    guard !isEmpty else { return offers.first }
    var best: (offer: String, weight: Double)?
    for offer in offers {
      let weight = weight(of: offer)
      if weight > best?.weight ?? 0 { best = (offer, weight) }
    }
    return best?.offer
  }

  /// The weight of an offer, such as `text/plain; version=0.0.4`; 0 if it is refused or not named.
  func weight(of offer: String) -> Double {
    let parts = offer.lowercased().split(separator: ";").map { String($0).trimmingSpaces() }
    let offered = Dictionary(parts.dropFirst().map(Preferences.parameter), uniquingKeysWith: { first, _ in first })
    var best: (exactness: Int, weight: Double)?
    for range in ranges {
      guard let exactness = exactness(of: range, for: parts[0], offered) else { continue }
      if exactness > best?.exactness ?? -1 { best = (exactness, range.weight) }
    }
    // A body as it is may always be sent, unless it is refused.
    return best?.weight ?? (parts[0] == "identity" ? 0.0001 : 0)
  }

  /// How exactly a range names an offer; `nil` if it does not.
  private func exactness(of range: Range, for name: String, _ offered: [String: String]) -> Int? {
    let agrees = range.parameters.allSatisfy { parameter in
      offered[parameter.name].map { $0 == parameter.value } ?? true
    }
    guard agrees else { return nil }
    if range.name == name { return 2 + range.parameters.count }
    if range.name == "*/*" || range.name == "*" { return 0 }
    guard range.name.hasSuffix("/*"), name.hasPrefix(range.name.dropLast()) else { return nil }
    return 1
  }

  private static func parameter(_ text: String) -> (name: String, value: String) {
    let sides = text.split(separator: "=", maxSplits: 1).map { String($0).trimmingSpaces() }
    let value = sides.count > 1 ? sides[1] : ""
    return (sides.first ?? "", value.filter { $0 != "\"" })
  }
}
