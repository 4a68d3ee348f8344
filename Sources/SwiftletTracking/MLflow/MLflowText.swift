// SPDX-License-Identifier: Apache-2.0
//
// MLflowText: names and values as a server of MLflow takes them.
//
// A server refuses a whole batch for one name that it does not like, so names and values are made to fit before.
//
// Before    MLflowClient.swift     After    MLflowServer.swift
// Source    MLflow 3.17, mlflow/utils/validation.py

/// Names and values within the limits of MLflow.
enum MLflowText {
  /// The most metrics in a batch, and the most of all that a batch can have.
  static let metricCount = 1000
  /// The most parameters in a batch, and as many tags.
  static let parameterCount = 100
  /// The longest name.
  static let nameLength = 250
  /// The longest value of a parameter or a tag.
  static let valueLength = 8000
  /// The most bytes of values in a batch: a request has 1 MB at most, and JSON may write a character in six bytes.
  static let batchSize = 150_000

  /// A name with letters, digits, `_ - . : /` and spaces alone, that is a path within its folder.
  static func name(_ text: String) -> String {
    let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.:/ ")
    let plain = String(text.map { allowed.contains($0) ? $0 : "_" }.prefix(nameLength))
    let parts = plain.split(separator: "/", omittingEmptySubsequences: false)
    return parts.map { $0.allSatisfy { $0 == "." } ? String(repeating: "_", count: max($0.count, 1)) : String($0) }
      .joined(separator: "/")
  }

  /// A value, shortened if it is too long; then its end says so.
  static func value(_ text: String) -> String {
    text.unicodeScalars.count <= valueLength
      ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(valueLength - 1))) + "…"
  }

  /// Settings in batches; of two names that have become the same, the first one counts.
  static func batches(_ settings: [SettingText]) -> [[SettingText]] {
    var seen: Set<String> = []
    var batches: [[SettingText]] = []
    var size = 0
    for setting in settings {
      let fitting = SettingText(name(setting.key), value(setting.value))
      guard seen.insert(fitting.key).inserted else { continue }
      size += fitting.value.utf8.count
      if batches.isEmpty || batches[batches.count - 1].count == parameterCount || size > batchSize {
        batches.append([])
        size = fitting.value.utf8.count
      }
      batches[batches.count - 1].append(fitting)
    }
    return batches
  }

  /// A path as it stands in an address: all but letters, digits, `-._~` and `/` as `%` and two digits.
  static func escaped(_ path: String) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
    return path.utf8.reduce(into: "") { text, byte in
      if plain.contains(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
  }
}
