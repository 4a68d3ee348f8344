// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import SwiftletTraining
import Testing

@Suite("Recipes")
struct RecipeTests {
  @Test("survive their own text, with every setting at once")
  func roundTrip() throws {
    var recipe = Recipe()
    for setting in Recipe.settings.settings {
      let before = recipe
      try Recipe.settings.apply(setting.kind.value(ofYAML: setting.example), at: setting.key, to: &recipe)
      #expect(recipe != before || setting.key == "pipeline.categorical.encode", "\(setting.key): another example")
    }
    let written = try YAML.parse(recipe.json.yaml(), name: "again")
    #expect(try Recipe(written) == recipe)
    #expect(Recipe().json["training"]?["optimizer"] == "adam")  // written as what `auto` stands for
  }

  @Test("are written as the shipped bundles have them", arguments: ["iris", "digits", "breast-cancer"])
  func shippedBytes(name: String) throws {
    let file = datasets + "../Models/\(name)/model.json"
    let bundle = try JSONValue.parse(ByteSource.file(file).readAll()[...], name: name)
    let recipe = try #require(bundle["training"]?["recipe"])
    #expect(
      try Recipe(YAMLDocument(name: name, value: recipe)).json.encoded(pretty: true) == recipe.encoded(pretty: true))
  }

  @Test(
    "a wrong setting says so without a file; a word that a key ends with finds it",
    arguments: [
      ("training.epochs", "many", "\"training.epochs\" must be a whole number from 1 to 1000000, not \"many\"."),
      ("epochs", "3", "there is no key \"epochs\". Did you mean \"training.epochs\"?"),
      ("training.epochs.first", "3", "\"training.epochs\" is one value, so there is nothing to set in it."),
      ("training", "3", "\"training\" must be a mapping of keys to values, not text."),
      ("columns.a", "image", "the type of a column is number, boolean, date, category or text."),
    ])
  func wrongSettings(path: String, value: String, message: String) {
    #expect {
      try Recipe(YAMLDocument(name: "r", value: .null), settings: [(path, .string(value))])
    } throws: {
      ($0 as? SettingError)?.message.hasPrefix(message) ?? false
    }
  }

  @Test("another kind of model drops the file's settings of model and training")
  func otherKind() throws {
    let file = try YAML.parse("model: {kind: mlp, hidden: [8]}\ntraining: {epochs: 3}\nsplit: {test: 0.3}\n", name: "r")
    let recipe = try Recipe(file, settings: [("model.kind", "logistic")])
    #expect(recipe.training.epochs == Recipe().training.epochs)
    #expect(recipe.split.test == 0.3)
    #expect(try Recipe(file, settings: [("model.kind", "mlp")]).training.epochs == 3)
  }

  @Test("a setting that is an object is laid over what was set before")
  func objects() throws {
    let empty = YAMLDocument(name: "r", value: .object([]))
    let over = try YAML.parseValue("{epochs: 3}", name: "--set training")
    let recipe = try Recipe(empty, settings: [("training.seed", 5), ("training", over)])
    #expect(recipe.training.seed == 5 && recipe.training.epochs == 3)
    #expect(try Recipe(empty, settings: [("training.seed", 5), ("training", .object([]))]).training.seed == 5)
  }

  @Test(
    "name the line, the key, and what was probably meant",
    arguments: [
      ("modle: {}\n", "r, line 1: there is no key \"modle\". Did you mean \"model\"?"),
      (
        "training:\n  lerning_rate: 1\n",
        "r, line 2: there is no key \"training.lerning_rate\". Did you mean \"training.learning_rate\"?"
      ),
      (
        "training: {epochs: many}\n",
        "r, line 1: \"training.epochs\" must be a whole number from 1 to 1000000, not \"many\"."
      ),
      (
        "training: {epochs: 1.5}\n", "r, line 1: \"training.epochs\" must be a whole number from 1 to 1000000, not 1.5."
      ),
      (
        "model: {kind: tree}\n",
        "r, line 1: \"model.kind\" must be one of cnn, factors, linear, logistic, mlp, sequential, not \"tree\"."
      ),
      ("model: {hidden: [0]}\n", "r, line 1: \"model.hidden\" must be a list of layer sizes"),
      ("model: {layers: [3]}\n", "r, line 1: \"model.layers\" must be a list of layers, such as [{kind: linear"),
      ("split: {test: 1}\n", "r, line 1: \"split.test\" must be a number from 0.0 to 0.9, not 1."),
      ("columns: {a: text, b: image}\n", "r, line 1: the type of a column is number, boolean, date, category or text."),
      ("training: 3\n", "r, line 1: \"training\" must be a mapping of keys to values, not a number."),
      ("- a\n", "r: \"the recipe\" must be a mapping of keys to values, not a list."),
    ])
  func refusals(text: String, message: String) {
    #expect { try Recipe(try YAML.parse(text, name: "r")) } throws: { "\($0)".hasPrefix(message) }
  }
}
