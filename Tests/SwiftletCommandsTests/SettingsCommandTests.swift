// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import SwiftletFormats
import SwiftletTraining
import Testing

@testable import SwiftletCommands

/// What is said about settings: the list, a setting's own text, the page, the schema, and the flags of `train`.
@Suite("Settings, listed and explained")
struct SettingsCommandTests {
  private let defaults = Recipe()

  private func text(_ arguments: String...) throws -> String { try SettingsCommand.parse(arguments).text() }

  @Test("lists every setting with its default")
  func list() throws {
    let list = try text()
    for setting in Recipe.settings.settings { #expect(list.contains("  \(setting.key)  ")) }
    #expect(list.contains("  training.epochs  50"))
    let section = try text("pipeline")
    #expect(section.contains("pipeline.image.scale") && !section.contains("training.epochs"))
  }

  @Test("says all about one setting")
  func one() throws {
    #expect(
      try text("training.learning_rate") == """
        training.learning_rate

        How far a step goes.

        For adam, adamw and sgd. If the loss jumps, try a tenth; if it creeps, ten times as much.

          Value     a number from 1e-12 to 1000000.0
          Default   0.001
          Try       from 0.0001 to 0.1, logarithmic
          Example   training.learning_rate=0.01
          Flag      --learning-rate
        """)
    #expect(try text("model.kind").contains("the recipe's model and training sections do not count"))
  }

  @Test(
    "names the nearest of a setting that does not exist",
    arguments: [
      ("training.epoch", "Did you mean \"training.epochs\"?"), ("epochs", "Did you mean \"training.epochs\"?"),
      ("zebra", "Choose from data,"),
    ])
  func typo(key: String, hint: String) {
    #expect { try text(key) } throws: { "\($0)".contains("There is no setting \"\(key)\".") && "\($0)".contains(hint) }
  }

  @Test("help settings, settings, help and --help all work, with their codes")
  func program() throws {
    let result = try Program.shell(
      """
      $S help settings training.epochs | head -1; $S settings training.epochs | head -1; $S help settings --schema | head -2
      $S help train | head -1; $S --help | head -1; $S help settings training.epoch; echo $?
      """)
    #expect(
      result.output == """
        training.epochs
        training.epochs
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
        OVERVIEW: Train a model on a dataset folder, a recipe or a data file.
        OVERVIEW: Machine learning from a data file to a trained, tested, saved model.
        64

        """)
  }

  @Test("every flag of a setting is a flag of train, with the setting's sentence, key and default")
  func flags() throws {
    let help = TrainCommand.helpMessage(columns: 10_000).replacing(/\s+/, with: " ")
    for setting in Recipe.settings.settings {
      guard let flag = setting.flag else { continue }
      #expect(help.contains("--\(flag) <\(flag)> \(setting.help) (\(setting.key)"), "--\(flag)")
    }
    #expect(help.contains("(training.epochs, default 50)"))
  }

  @Test("a flag and --set take the same values", arguments: ["training.epochs", "model.hidden", "task", "target"])
  func sameValues(key: String) throws {
    let setting = try #require(Recipe.settings[key])
    let flag = try TrainCommand.parse(["d.csv", "--\(setting.flag ?? "")", setting.example]).resolvedRecipe()
    #expect(try TrainCommand.parse(["d.csv", "--set", "\(key)=\(setting.example)"]).resolvedRecipe() == flag)
    #expect(flag != (try TrainCommand.parse(["d.csv"]).resolvedRecipe()))
  }

  @Test(
    "names of columns are data, whatever they look like",
    arguments: ["a: b", "[z]", "{q}", "2024", "#1", "'x'", "home.zip"])
  func columnNames(name: String) throws {
    #expect(try TrainCommand.parse(["d.csv", "--target", name]).resolvedRecipe().targets == [name])
    let typed = try TrainCommand.parse(["d.csv", "--set", "columns.\(name)=category"]).resolvedRecipe()
    #expect(typed.columns == [name: .category])
    // And a bundle can read its own recipe back.
    var recipe = Recipe()
    recipe.targets = [name + ", EUR"]
    recipe.columns = [name: .text]
    recipe.training.optimizer = .adam
    #expect(try Recipe(YAMLDocument(name: "model.json", value: recipe.json)) == recipe)
  }

  @Test("the page is the one that the table gives")
  func page() throws {
    let path = Program.project + "/Sources/SwiftletTraining/SwiftletTraining.docc/Settings.md"
    let committed = try String(contentsOfFile: path, encoding: .utf8)
    #expect(try text("--page") + "\n" == committed, "write it anew: swiftlet settings --page >\(path)")
  }

  // MARK: The schema

  @Test("the schema takes every default, every example and every shipped recipe")
  func schemaTakes() throws {
    let schema = Recipe.settings.schema(title: "", defaults: defaults)
    #expect(mistake(defaults.json, schema) == nil)
    for setting in Recipe.settings.settings {
      let value = setting.kind.value(ofYAML: setting.example)
      let nested = setting.key.split(separator: ".").reversed().reduce(value) { .object([.init(String($1), $0)]) }
      #expect(mistake(nested, schema) == nil, "\(setting.key)")
    }
    let datasets = Program.project + "/Datasets/"
    for name in try FileManager.default.contentsOfDirectory(atPath: datasets) {
      guard let recipe = try? YAML.read(.file(datasets + name + "/recipe.yaml")).value else { continue }
      #expect(mistake(recipe, schema) == nil, "\(name)")
    }
  }

  @Test(
    "the schema refuses what a recipe refuses",
    arguments: [
      "training: {epoch: 3}", "training: 3", "training: {epochs: 0}", "training: {epochs: 1.5}", "split: {test: 1}",
      "model: {kind: tree}", "model: {hidden: [0]}", "columns: {a: image}", "split: {stratify: 1}", "data: 3",
      "pipeline: {numeric: {impute: often}}", "training: {learning_rate: none}",
    ])
  func schemaRefuses(text: String) throws {
    let document = try YAML.parse(text, name: "r")
    #expect(throws: (any Error).self) { try Recipe(document) }
    #expect(mistake(document.value, Recipe.settings.schema(title: "", defaults: defaults)) != nil)
  }

  /// What is wrong with a value by a schema, in the words of the schema that we use; a word that we do not know is a
  /// mistake too.
  private func mistake(_ value: JSONValue, _ schema: JSONValue) -> String? {
    for rule in schema.members ?? [] {
      let isFine: Bool
      switch rule.name {
      case "$schema", "title", "description", "default": isFine = true
      case "type":
        isFine = (rule.value.array ?? [rule.value]).contains { type in
          switch type {
          case "integer": value.integer != nil
          case "number": value.number != nil
          case "string": value.string != nil
          case "boolean": value.bool != nil
          case "array": value.array != nil
          case "object": value.members != nil
          case "null": value == .null
          default: false
          }
        }
      case "enum": isFine = rule.value.array?.contains(value) ?? false
      case "minimum": isFine = value.number.map { $0 >= rule.value.number ?? .infinity } ?? true
      case "maximum": isFine = value.number.map { $0 <= rule.value.number ?? -.infinity } ?? true
      case "maxItems": isFine = (value.array?.count ?? 0) <= rule.value.integer ?? 0
      case "items": isFine = value.array?.allSatisfy { mistake($0, rule.value) == nil } ?? true
      case "anyOf": isFine = rule.value.array?.contains { mistake(value, $0) == nil } ?? false
      case "properties":
        isFine = (value.members ?? []).allSatisfy { member in
          rule.value[member.name].map { mistake(member.value, $0) == nil } ?? true
        }
      case "additionalProperties":
        let extra = (value.members ?? []).filter { schema["properties"]?[$0.name] == nil }
        isFine = extra.allSatisfy { rule.value != false && mistake($0.value, rule.value) == nil }
      default: isFine = false
      }
      if !isFine { return "\(rule.name): \(value.encoded())" }
    }
    return nil
  }
}
