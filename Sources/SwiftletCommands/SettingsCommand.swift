// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet settings`, also called `swiftlet help settings`: everything that can be set, from the table of settings.
//
// Before    Tuning/StudyTracking.swift     After    JudgedOptions.swift

import ArgumentParser
import SwiftletFormats
import SwiftletSearch
import SwiftletServing
import SwiftletTraining

struct SettingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings",
    abstract: "List everything that can be set for a training or a server, or explain one setting.",
    discussion: """
      KEY is a setting, or a section of them:

        swiftlet help settings
        swiftlet help settings training
        swiftlet help settings training.learning_rate
        swiftlet help settings --serve max_queue

      In a recipe a key is a path: training.learning_rate is learning_rate in the section training. On the command \
      line it is --set training.learning_rate=0.01. With --schema an editor completes the keys of a recipe.
      """)

  @Argument(help: "A setting or a section; without it, all are listed.") var key: String?
  @Flag(help: "Print a JSON Schema of a recipe, for editors.") var schema = false
  @Flag(help: "The settings of `swiftlet serve` instead.") var serve = false
  @Flag(help: .hidden) var page = false

  func run() throws {
    try reportingErrors { try writeToStandardOutput(text() + "\n") }
  }

  func text() throws -> String {
    if serve {
      return try text(ServerOptions.settings, ServerOptions(), "The settings of swiftlet serve", Self.serverPage)
    }
    return try recipeText()
  }

  /// A recipe has the settings of a training, and those of `swiftlet tune`, which no training reads.
  private func recipeText() throws -> String {
    let (own, tuning) = (Recipe.settings, TuningOptions.settings)
    if let key, tuning[key] != nil || key == "tune" { return try text(tuning, TuningOptions(), "", "") }
    let title = "A recipe of Swiftlet"
    if schema { return SettingsCommand.recipeSchema(title: title).encoded(pretty: true) }
    let first = try text(own, Recipe(), title, Self.recipePage)
    if page { return first + "\n" + tuning.markdown(defaults: TuningOptions()) }
    guard key == nil else { return first }
    return own.list(defaults: Recipe()) + "\n\n" + tuning.list(defaults: TuningOptions()) + more
  }

  /// The schema of a recipe, for editors.
  static func recipeSchema(title: String) -> JSONValue {
    let tuning = TuningOptions.settings.schema(title: "", defaults: TuningOptions())["properties"]?["tune"]
    var schema = Recipe.settings.schema(title: title, defaults: Recipe())
    if let tuning { schema.insert(tuning, at: ["properties", "tune"]) }
    return schema
  }

  private var more: String { "\n\nMore about one: swiftlet help settings \(serve ? "--serve " : "")KEY" }

  private func text<Root>(_ table: SettingTable<Root>, _ defaults: Root, _ title: String, _ head: String) throws
    -> String
  {
    if schema { return table.schema(title: title, defaults: defaults).encoded(pretty: true) }
    if page { return head + "\n" + table.markdown(defaults: defaults) }
    guard let key else { return table.list(defaults: defaults) + more }
    if let setting = table[key] { return table.text(about: setting, defaults: defaults) }
    if table.settings.contains(where: { $0.key.hasPrefix(key + ".") }) { return table.list(key, defaults: defaults) }
    let keys = table.settings.map(\.key) + (serve ? [] : TuningOptions.settings.settings.map(\.key))
    let sameWord = keys.first { $0.hasSuffix("." + key) }
    let hint = sameWord.map { " Did you mean \"\($0)\"?" } ?? suggestion(for: key, in: keys)
    throw ValidationError("There is no setting \"\(key)\".\(hint)")
  }

  private static let recipePage = """
    # Settings of a recipe

    Everything that can be set for a training: its key, default and meaning.

    ## Overview

    A recipe is a YAML file of these keys; `training.learning_rate` is `learning_rate` in the section `training`. On the \
    command line, `--set training.learning_rate=0.01` sets one. `swiftlet help settings` prints this list, and \
    `swiftlet help settings --schema` a JSON Schema by which editors complete keys and underline mistakes.


    """

  private static let serverPage = """
    # Settings of a server

    Everything that can be set for `swiftlet serve`: its key, default and meaning.

    ## Overview

    `max_queue` is the flag `--max-queue`, the environment variable `SWIFTLET_MAX_QUEUE`, and a key of the YAML file that \
    `--config` names. A flag wins over the environment, the environment over the file, and the file over the default. \
    `swiftlet help settings --serve` prints this list.

    """
}
