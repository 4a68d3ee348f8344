// SPDX-License-Identifier: Apache-2.0
//
// Setting: one thing that can be chosen, described once.
//
// A table of settings is all that a program needs to read them from a file, a flag or the environment, to write them,
// to list them for a reader, and to search among their values.
//
// Before    SettingKind.swift     After    SettingForms.swift

/// One thing that can be chosen, with its whole description.
package struct Setting<Root>: Sendable {
  /// Its path in a file: `training.learning_rate`.
  package let key: String
  /// The values it takes.
  package let kind: SettingKind
  /// One sentence about it.
  package let help: String
  /// More about it: when to change it, and what to watch for.
  package private(set) var detail = ""
  /// A value other than the default, as it is written in YAML.
  package private(set) var example = ""
  /// The flag of its command, without the hyphens, if it has one.
  package private(set) var flag: String?
  /// Names of environment variables that set it; the first that is set wins.
  package private(set) var environment: [String] = []
  /// The range of a search for a good value, if a search makes sense.
  package private(set) var search: SearchSpace?
  private var requirement: (expected: String, holds: @Sendable (JSONValue) -> Bool)?
  /// Whether it is written into the document of a root.
  private(set) var isWritten: @Sendable (Root) -> Bool = { _ in true }
  let get: @Sendable (Root) -> JSONValue?
  let set: @Sendable (inout Root, JSONValue) -> Void

  /// A setting of any kind.
  ///
  /// - Parameters:
  ///   - get: The value to be written; `nil` leaves the key out.
  ///   - set: Stores a value that the kind has checked and normalized.
  package init(
    _ key: String, _ kind: SettingKind, _ help: String, get: @escaping @Sendable (Root) -> JSONValue?,
    set: @escaping @Sendable (inout Root, JSONValue) -> Void
  ) {
    self.key = key
    self.kind = kind
    self.help = help
    self.get = get
    self.set = set
  }

  /// The same setting with a longer explanation.
  package func detail(_ text: String) -> Setting { with { $0.detail = text } }
  /// The same setting with an example.
  package func example(_ text: String) -> Setting { with { $0.example = text } }
  /// The same setting with a flag; by default the last part of its key, with hyphens.
  package func flag(_ name: String? = nil) -> Setting {
    with { $0.flag = name ?? String(key.split(separator: ".").last ?? "").replacing("_", with: "-") }
  }
  /// The same setting with environment variables.
  package func environment(_ names: [String]) -> Setting { with { $0.environment = names } }
  /// The same setting with the range of a search.
  package func search(_ range: ClosedRange<Double>, _ scale: SearchSpace.Scale = .linear) -> Setting {
    with { $0.search = SearchSpace(range: range, scale: scale) }
  }

  /// The same setting with a further condition.
  package func requiring(_ expected: String, _ holds: @escaping @Sendable (JSONValue) -> Bool) -> Setting {
    with { $0.requirement = (expected, holds) }
  }

  /// The same setting, written only for some roots: those of one kind of model, or those with another value than the
  /// default, so that a setting that came later does not change the recipes of older models.
  package func written(where isWritten: @escaping @Sendable (Root) -> Bool) -> Setting {
    with { $0.isWritten = isWritten }
  }

  /// The allowed values, as in "must be a number from 0 to 1".
  package var expected: String { requirement?.expected ?? kind.expected }

  private func with(_ change: (inout Setting) -> Void) -> Setting {
    var copy = self
    change(&copy)
    return copy
  }

  /// Sets it, if the value is allowed.
  ///
  /// - Parameter name: Its name in messages; by default its key.
  /// - Throws: ``SettingError`` with the allowed values.
  package func apply(_ value: JSONValue, to root: inout Root, calledAs name: String? = nil) throws {
    if case .namedChoices(let noun, let words) = kind, let members = value.members {
      for member in members where !words.contains(member.value.string ?? "") {
        throw SettingError(
          key: "\(key).\(member.name)",
          "the \(noun) is \(words.dropLast().joined(separator: ", ")) or \(words.last ?? "").")
      }
    }
    guard let normalized = kind.normalized(value), requirement?.holds(normalized) ?? true else {
      throw SettingError(key: key, "\(name ?? "\"\(key)\"") must be \(expected), not \(value.encoded()).")
    }
    set(&root, normalized)
  }
}

/// The range of a search for a good value, for a tuner.
package struct SearchSpace: Sendable, Equatable {
  /// The least and the greatest value worth a try.
  package let range: ClosedRange<Double>
  /// How values are spread in it.
  package let scale: Scale

  /// Equal steps, or equal factors.
  package enum Scale: String, Sendable {
    /// Equal steps, as for a part of the whole.
    case linear
    /// Equal factors, as for a learning rate.
    case logarithmic
  }
}

/// A value that a setting does not take.
public struct SettingError: Error, Equatable, CustomStringConvertible {
  /// The setting.
  public let key: String
  /// What is wrong, and which values are allowed.
  public let message: String

  package init(key: String, _ message: String) {
    self.key = key
    self.message = message
  }

  public var description: String { message }
}
