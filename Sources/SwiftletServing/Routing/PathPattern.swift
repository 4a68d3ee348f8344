// SPDX-License-Identifier: Apache-2.0
//
// PathPattern: how the path of a route is written.
//
//     /v2/models/{model}                         a part with a name takes any text
//     /v2/models/{model}[/versions/{version}]    the part in brackets may be left out
//     /v1/models/{model}[/labels/{label}|/x]     or be one of several
//     /v1/models/{model}:predict                 a verb comes behind the last colon of the last part
//
// Before    RouteFamily.swift     After    RouteTable.swift

/// One of the paths that a pattern stands for.
struct PathPattern: Equatable {
  enum Part: Equatable {
    case word(String)
    case parameter(String)
  }

  var parts: [Part]
  var verb: String?

  /// All the paths that a pattern stands for.
  static func all(_ pattern: String) -> [PathPattern] { expanded(pattern[...]).map(PathPattern.init(plain:)) }

  /// The shortest path of a pattern, which is its name.
  static func name(of pattern: String) -> String { expanded(pattern[...]).first ?? pattern }

  /// A pattern without brackets.
  private init(plain pattern: String) {
    var words = splitPath(pattern[...])
    if let last = words.last, let (word, verb) = splitVerb(last) {
      words[words.count - 1] = word
      self.verb = String(verb)
    }
    parts = words.map { word in
      guard word.hasPrefix("{"), word.hasSuffix("}") else { return .word(percentDecoded(word) ?? String(word)) }
      return .parameter(String(word.dropFirst().dropLast()))
    }
  }

  /// The pattern without its first brackets, then with each of the texts in them.
  private static func expanded(_ pattern: Substring) -> [String] {
    guard let open = pattern.firstIndex(of: "["), let close = pattern[open...].firstIndex(of: "]") else {
      return [String(pattern)]
    }
    let tails = expanded(pattern[pattern.index(after: close)...])
    let choices = pattern[pattern.index(after: open)..<close].split(separator: "|")
    return ([""] + choices).flatMap { choice in tails.map { "\(pattern[..<open])\(choice)\($0)" } }
  }
}

/// The parts of a path between its slashes; a slash at the end makes none.
func splitPath(_ path: Substring) -> [Substring] {
  var parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
  if parts.last == "" { parts.removeLast() }
  return parts
}

/// The parts before and behind the last colon.
func splitVerb(_ part: Substring) -> (word: Substring, verb: Substring)? {
  part.lastIndex(of: ":").map { (part[..<$0], part[part.index(after: $0)...]) }
}
