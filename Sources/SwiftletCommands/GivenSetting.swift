// SPDX-License-Identifier: Apache-2.0
//
// GivenSetting: a setting that was given on the command line.
//
// Before    Interruption.swift     After    RecipeLocation.swift

import ArgumentParser
import SwiftletFormats
import SwiftletSearch
import SwiftletServing
import SwiftletTraining

/// A setting with its value, from a flag of its own or from `--set`.
struct GivenSetting: Sendable {
  let key: String
  let value: JSONValue
  /// The words that give it: `--epochs 3`.
  let words: [String]

  /// Reads a flag of `train`: the text after it becomes the value of the recipe's key.
  static func recipe(_ key: String) -> @Sendable (String) -> GivenSetting { of(Recipe.settings[key], key) }
  /// Reads a flag of `serve`.
  static func server(_ key: String) -> @Sendable (String) -> GivenSetting { of(ServerOptions.settings[key], key) }

  private static func of<Root>(_ setting: Setting<Root>?, _ key: String) -> @Sendable (String) -> GivenSetting {
    { text in
      GivenSetting(
        key: key, value: setting?.kind.value(of: text) ?? .string(text), words: optionWords(setting?.flag ?? key, text))
    }
  }

  private init(key: String, value: JSONValue, words: [String]) {
    self.key = key
    self.value = value
    self.words = words
  }

  /// Words of a command, to which others are added that replace what they say of the same settings.
  ///
  /// - Parameters:
  ///   - settings: The settings that the words give.
  ///   - words: The words, the ones of the settings at their end.
  ///   - more: The words that are added: flags of settings, each with its value.
  static func replaced(_ settings: [GivenSetting], in words: [String], by more: [String]) -> [String] {
    let flags = zip(more, more.dropFirst()).filter { $0.0.hasPrefix("--") }
    let keys = flags.compactMap { flag, value -> String? in
      guard flag != "--set" else { return try? GivenSetting(value).key }
      return Recipe.settings.settings.first { "--" + ($0.flag ?? $0.key) == flag }?.key
    }
    let kept = settings.filter { !keys.contains($0.key) }
    return Array(words.dropLast(settings.flatMap(\.words).count)) + kept.flatMap(\.words) + more
  }

  /// Reads KEY=VALUE.
  init(_ text: String) throws {
    // The name of a column can hold any character, and the name of its type none that matters.
    let isColumn = text.hasPrefix("columns.")
    guard let equals = isColumn ? text.lastIndex(of: "=") : text.firstIndex(of: "=") else {
      throw ValidationError("--set needs KEY=VALUE, such as training.clip_norm=1, not \"\(text)\".")
    }
    let key = String(text[..<equals])
    let value = String(text[text.index(after: equals)...])
    let kind = Recipe.settings[key]?.kind ?? TuningOptions.settings[key]?.kind ?? .texts
    self.init(key: key, value: kind.value(ofYAML: value), words: ["--set", text])
  }
}

extension Option where Value == GivenSetting? {
  /// A flag of `train` for a setting of the recipe.
  init(recipe key: String) { self.init(help: .recipe(key), transform: GivenSetting.recipe(key)) }
  /// A flag of `serve` for a setting of the server.
  init(server key: String) { self.init(help: .server(key), transform: GivenSetting.server(key)) }
}

extension ArgumentHelp {
  /// The sentence of a recipe's setting, with its key and default.
  static func recipe(_ key: String) -> ArgumentHelp { of(key, Recipe.settings, Recipe(), shows: [key]) }
  /// The sentence of a server's setting, with its default.
  static func server(_ key: String) -> ArgumentHelp { of(key, ServerOptions.settings, ServerOptions(), shows: []) }

  private static func of<Root>(
    _ key: String, _ table: SettingTable<Root>, _ defaults: Root, shows more: [String]
  ) -> ArgumentHelp {
    guard let setting = table[key] else { return "" }
    let standard = table.text(of: setting, in: defaults)
    let shown = more + (["none", "[]", "false"].contains(standard) ? [] : ["default \(standard)"])
    let suffix = shown.isEmpty ? "" : " (" + shown.joined(separator: ", ") + ")"
    return ArgumentHelp("\(setting.help)\(suffix)", valueName: setting.flag ?? key)
  }
}
