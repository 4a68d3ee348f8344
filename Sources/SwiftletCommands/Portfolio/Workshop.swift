// SPDX-License-Identifier: Apache-2.0
//
// Workshop: a scratch folder that is laid out as the portfolio will be.
//
// The model is trained and measured there, by the recipe that the portfolio will have and from its root, so the paths
// that a model remembers are those that its readers will have. Until all is done nothing is where the portfolio will be.
//
// Before    PortfolioData.swift     After    PortfolioFolder.swift

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTraining
import SwiftletUnderstanding

/// A folder to work in, which is removed at the end, and also by Ctrl-C.
final class Workshop {
  private let place: String
  private let home = FileManager.default.currentDirectoryPath
  private let interruption: Interruption

  init() throws {
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-new-\(UUID())").path
    self.place = place
    do {
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    } catch { throw OutputError(message: "There is no folder to work in: \(place) cannot be made.") }
    interruption = Interruption(says: "Ending; nothing is written.") {
      try? FileManager.default.removeItem(atPath: place)
      _exit(130)
    }
  }

  /// Removes the folder.
  func close() {
    FileManager.default.changeCurrentDirectoryPath(home)
    try? FileManager.default.removeItem(atPath: place)
  }

  /// - Throws: The code of an interruption after Ctrl-C.
  func endIfInterrupted() throws {
    if interruption.isRequested { throw ExitStatus.interrupted }
  }

  /// Trains, and measures. From here on the program works in the folder.
  func portfolio(
    _ name: String, _ data: PortfolioData, recipe file: String?, settings: [GivenSetting], author: String,
    owner: String?,
    isQuiet: Bool
  ) throws -> Portfolio {
    let recipe = try PortfolioRecipe(data, file: file, settings: settings)
    let observer = TerminalObserver(
      progress: ProgressLine(isQuiet: isQuiet), interruption: interruption, isQuiet: isQuiet)
    try writing { try furnish(data, recipe.text) }
    FileManager.default.changeCurrentDirectoryPath(place)

    let again = try RecipeOptions.parse(["recipe.yaml", "--output", "models/\(name)"])
    let resolved = try again.resolved(again.document())
    let experiment = try Experiment(DataLoader(resolved), resolved)
    let words = ["swiftlet", "train"] + again.words + ["--output", "models/\(name)", "--force"]
    try train(resolved, experiment, named: name, in: "models", command: shellCommand(words), observer)

    let alternative = try Workshop.alternative(to: resolved, experiment)
    if let alternative {
      if !isQuiet { printError("For comparison, a model of another kind: \(alternative.model.kind)") }
      try train(alternative, experiment, named: alternative.model.kind, in: "tried", command: "", observer)
    }
    if !isQuiet { printError("The report, and the page that answers") }
    return Portfolio(
      name: name, author: author, owner: owner, data: data, recipe: recipe.text,
      reported: try ReportedModel("models/\(name)"),
      alternative: try alternative.map { try ModelBundle.load(from: "tried/\($0.model.kind)") })
  }

  private func train(
    _ recipe: Recipe, _ experiment: Experiment, named name: String, in folder: String, command: String,
    _ observer: TerminalObserver
  ) throws {
    defer { observer.progress.finish() }
    let run = try experiment.prepare(recipe, name: name, command: command, observer: observer)
    let outcome = try run.outcome(observer)
    try endIfInterrupted()
    if folder == "models" { outcome.warnings.forEach { printError("warning: \($0)") } }
    let bundle = outcome.bundle.recording(diagnosis(of: RunEvidence(run, outcome)))
    try writing { try bundle.save(to: "\(folder)/\(name)") }
  }

  /// The same question asked of a simpler kind of model, or of a network where the recipe's own is simple: with the
  /// settings of the kind by default, and the recipe's features, pipeline and split.
  private static func alternative(to recipe: Recipe, _ experiment: Experiment) throws -> Recipe? {
    let own = try ModelKinds.named(recipe.model.kind)
    for kind in ModelKinds.all where kind.isConvex != own.isConvex && (try? kind.check(experiment.head)) != nil {
      var other = recipe
      other.model = Recipe().model
      other.model.kind = kind.name
      other.training = Recipe().training
      other.training.seed = recipe.training.seed
      // Whether the kind can learn from these features shows when its network is made.
      guard (try? experiment.prepare(other, name: kind.name).untrainedNetwork()) != nil else { continue }
      return other
    }
    return nil
  }

  /// The recipe, and the data by links: they are copied when all is done.
  private func furnish(_ data: PortfolioData, _ recipe: String) throws {
    let manager = FileManager.default
    do {
      try recipe.write(toFile: place + "/recipe.yaml", atomically: true, encoding: .utf8)
      for file in data.files + data.papers where !file.name.hasPrefix("/") {
        let link = URL(fileURLWithPath: place + "/data/" + file.name)
        try manager.createDirectory(at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
        try manager.createSymbolicLink(atPath: link.path, withDestinationPath: file.path)
      }
    } catch { throw OutputError(message: "\(place) cannot be written: \(error.localizedDescription)") }
  }
}

/// The recipe of a portfolio: that of the data with its comments, or one that has the settings given.
struct PortfolioRecipe {
  let text: String

  /// - Throws: What a training would: for settings and for data that do not go together.
  init(_ data: PortfolioData, file: String?, settings: [GivenSetting]) throws {
    let options = try RecipeOptions.parse(
      [data.source.hasPrefix("-") ? "./" + data.source : data.source] + (file.map { optionWords("recipe", $0) } ?? [])
        + settings.flatMap(\.words))
    let recipe = try options.resolved(options.document())
    let beside = data.description == nil ? nil : data.source + "/recipe.yaml"
    if settings.isEmpty, let own = file ?? beside, FileManager.default.fileExists(atPath: own) {
      let lines = String(decoding: try ByteSource.file(own).readAll(limit: 1 << 20), as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false)
        .filter { $0.prefix { $0.isLetter } != "data" }
      let head = lines.prefix { $0.hasPrefix("#") }
      let all = head + ["data: \(data.recipeValue)"] + lines.dropFirst(head.count)
      text = all.joined(separator: "\n")
    } else {
      // Asked here, where the data still have the name that the user knows.
      let experiment = try Experiment(DataLoader(recipe), recipe)
      var complete = recipe
      complete.data = data.recipeValue
      if complete.targets.isEmpty, data.description == nil { complete.targets = experiment.targetNames }
      text = complete.json.yaml()
    }
  }
}
