// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet import`: parameters that were learned elsewhere, as a model that answers.
//
// Before    Export/PMMLFormat.swift     After    Packaging/ModelPackage.swift

import ArgumentParser
import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletInterchange
import SwiftletModels
import SwiftletTables
import SwiftletTraining

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a model of parameters that were learned elsewhere.",
    discussion: """
      WEIGHTS is what torch.save(model.state_dict(), "weights.pt") or safetensors.torch.save_file wrote. Nothing in such a \
      file is run: what is more than tensors of numbers is refused by its name.

      Parameters need the preparation of the rows, the layers and the labels. --like says where these come from:

        a recipe, a dataset folder or data: the preparation is fitted to its training rows, as in `train`
        a model: preparation, layers, labels and threshold are its own

      Names that are those of the layers (0.weight, 0.bias, 2.weight) decide which tensor goes where. If they are others, \
      the order does, and every shape has to be the same. The figures are measured here, on the rows of the recipe's split.

        swiftlet import weights.pt --like Datasets/iris --output Models/mine
        swiftlet import weights.safetensors --like Models/iris --output Models/mine
        swiftlet import weights.pt --like my.csv --target price --hidden 32 --output Models/price
      """)

  @Argument(help: "A state_dict of PyTorch (.pt), or a file of safetensors.") var weights: String
  @Option(help: "A recipe, a dataset folder, data, or a model.") var like: String
  @Option(help: "The folder of the model.") var output: String
  @Option(recipe: "target") var target: GivenSetting?
  @Option(recipe: "model.kind") var model: GivenSetting?
  @Option(recipe: "model.hidden") var hidden: GivenSetting?
  @Option(
    name: .customLong("set"), help: "Any setting of the recipe by its key. May be repeated.",
    transform: GivenSetting.init)
  var settings: [GivenSetting] = []
  @Flag(help: "Print one JSON object instead of a table.") var json = false
  @Flag(help: "Replace a model that exists already.") var force = false

  private var given: [GivenSetting] { [target, model, hidden].compactMap { $0 } + settings }

  func run() throws {
    try reportingErrors {
      try writing { try OutputFolder.model.check(output, isForced: force) }
      let file = try WeightFile(path: weights)
      let name = output.split(separator: "/").last.map(String.init) ?? output
      let isModel = FileManager.default.fileExists(atPath: like + "/model.json")
      let adopted = try isModel ? likeModel(file, name: name) : likeRecipe(file, name: name)
      let bundle = adopted.from(WeightFileRecord(name: weights, sha256: file.sha256))
      try writing { try bundle.save(to: output) }
      show(adopted)
    }
  }

  private func likeModel(_ file: WeightFile, name: String) throws -> AdoptedModel {
    guard given.isEmpty else {
      throw ValidationError("Settings are for recipes, and \(like) is a model, whose settings stay as they are.")
    }
    let bundle = try ModelBundle.load(from: like)
    let recipe = try bundle.recipe()
    let isThere = bundle.training["recipe"] != nil && FileManager.default.fileExists(atPath: recipe.data)
    return try bundle.adopting(
      file.tensors, name: name, measuredOn: isThere ? DataLoader(recipe) : nil, command: command)
  }

  private func likeRecipe(_ file: WeightFile, name: String) throws -> AdoptedModel {
    let location = RecipeLocation(source: like, recipe: nil)
    let document = try location.document()
    let data: (path: String, value: JSONValue) = ("data", .string(location.data(in: document)))
    let recipe = try Recipe(document, settings: [data] + given.map { ($0.key, $0.value) })
    let experiment = try Experiment(DataLoader(recipe), recipe)
    return try experiment.prepare(recipe, name: name, command: command).adopting(file.tensors)
  }

  private var command: String {
    shellCommand(
      ["swiftlet", "import", weights] + optionWords("like", like) + given.flatMap(\.words)
        + optionWords("output", output) + ["--force"])
  }

  private func show(_ adopted: AdoptedModel) {
    adopted.warnings.forEach { printError("warning: \($0)") }
    guard !json else {
      let renamed = adopted.renamed.map { JSONValue.Member($0.there, .string($0.here)) }
      let object: JSONValue = [
        "model": .string(output), "name": .string(adopted.bundle.name), "task": .string(adopted.bundle.task),
        "kind": .string(adopted.bundle.kind), "parameters": JSONValue(adopted.bundle.network.parameterCount),
        "rows": adopted.figures.rowsJSON, "metrics": adopted.figures.metricsJSON, "renamed": .object(renamed),
        "warnings": JSONValue(adopted.warnings),
      ]
      return print(object.encoded())
    }
    if !adopted.renamed.isEmpty {
      print("The names are others, so the order decides:")
      print(textTable(adopted.renamed.map { [$0.there, "is " + $0.here] }) + "\n")
    }
    if !adopted.figures.parts.isEmpty { print(TrainCommand.table(adopted.figures) + "\n") }
    print("Saved \(output). Next:")
    for next in ["evaluate", "inspect", "serve"] { print("  " + shellCommand([programPath, next, output])) }
  }
}

/// The file that parameters came from.
private struct WeightFileRecord {
  let name: String
  let sha256: String
}

extension AdoptedModel {
  /// The bundle, with a note of the file in its record.
  fileprivate func from(_ file: WeightFileRecord) -> ModelBundle {
    var bundle = bundle
    let note: JSONValue = ["file": .string(file.name), "sha256": .string(file.sha256)]
    bundle.training = .object((bundle.training.members ?? []) + [.init("weights", note)])
    return bundle
  }
}
