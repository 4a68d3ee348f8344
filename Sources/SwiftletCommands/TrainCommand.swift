// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet train`: from data to a saved model.
//
// Before    Interruption.swift     After    EvaluateCommand.swift

import ArgumentParser
import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTraining

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on a dataset folder, a recipe or a data file.",
    discussion: """
      SOURCE is a folder with a dataset.yaml, a recipe (.yaml), a data file (.csv .tsv .jsonl, gzipped or not; \
      .sqlite with --table or --query), or - for standard input.

      What is not said is chosen: the task by the target's values, the split by a rule, an MLP as the model. \
      Every setting has a key, and --set changes any of them:

        swiftlet train Datasets/iris
        swiftlet train my.csv --target price --epochs 100
        swiftlet train my.csv --target churn --model logistic --set pipeline.numeric.impute=mean
      """)

  @Argument(help: "A dataset folder, a recipe, a data file, or -.") var source: String
  @Option(help: "A recipe file, for a source that is data.") var recipe: String?
  @Option(help: "The column to predict; several of a regression with commas.") var target: String?
  @Option(help: "logistic, linear or mlp.") var model: String?
  @Option(help: "Sizes of the hidden layers, such as 64,32.") var hidden: String?
  @Option(help: "How often the training rows are gone through.") var epochs: Int?
  @Option(help: "How many examples a step looks at.") var batchSize: Int?
  @Option(help: "How far a step goes.") var learningRate: Double?
  @Option(help: "auto, lbfgs, adam, adamw or sgd.") var optimizer: String?
  @Option(help: "The penalty on the weights of a logistic or linear model.") var l2: Double?
  @Option(help: "The seed of weights, order and dropout.") var seed: Int?
  @Option(help: "How many threads OpenBLAS uses.") var threads: Int?
  @Option(help: "classification or regression.") var task: String?
  @Option(help: "The table of a SQLite file.") var table: String?
  @Option(help: "The query of a SQLite file.") var query: String?
  @Option(name: .customLong("set"), help: "A setting by its key: training.clip_norm=1. May be given several times.")
  var settings: [String] = []
  @Option(help: "Where the model is written (default: Models/NAME).") var output: String?
  @Flag(help: "Print one JSON object instead of a table.") var json = false
  @Flag(help: "Say nothing but the result.") var quiet = false
  @Flag(help: "Replace a model that is there already.") var force = false
  @Flag(help: "Go on from the last checkpoint of a run that was ended (see training.checkpoint).") var resume = false

  func run() throws {
    try reportingErrors {
      let recipe = try resolvedRecipe()
      let name = try modelName(recipe)
      let path = output ?? "Models/\(name)"
      // Found out before any data are read: nobody wants to train for an hour to learn this.
      let isResumed = resume && Checkpoints(path + ".checkpoint").exists
      try writing { try OutputFolder.model.check(path, isForced: force || isResumed) }
      if recipe.training.checkpoint > 0 {
        try writing { try OutputFolder.checkpoint.check(path + ".checkpoint", isForced: true) }
      }
      try train(recipe, name: name, path: path)
    }
  }

  private func train(_ recipe: Recipe, name: String, path: String) throws {
    let progress = ProgressLine(isQuiet: quiet)
    let interruption = Interruption()
    let terminal = TerminalObserver(progress: progress, interruption: interruption, isQuiet: quiet)
    let checkpoints = Checkpoints(path + ".checkpoint", resumes: resume)
    let outcome: TrainingOutcome
    do {
      defer { progress.finish() }
      outcome = try Experiment(DataLoader(recipe), recipe).run(
        recipe, name: name, command: command(path), checkpoints: checkpoints, observer: terminal)
    }
    try writing { try outcome.bundle.save(to: path) }
    if outcome.fit.ending != .interrupted { checkpoints.remove() }
    if !quiet { outcome.warnings.forEach { printError("warning: \($0)") } }
    print(json ? outcome.json(path: path).encoded() : TrainCommand.table(outcome, path: path))
    if outcome.fit.ending == .interrupted { throw ExitStatus.interrupted }
  }

  /// Defaults < recipe file < flags < --set.
  func resolvedRecipe() throws -> Recipe {
    var document = YAMLDocument(name: "recipe", value: .object([]))
    var data = source
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: source, isDirectory: &isFolder)
    let isRecipe = source.hasSuffix(".yaml") || source.hasSuffix(".yml")
    let file =
      recipe
      ?? (isRecipe
        ? source
        : isFolder.boolValue && FileManager.default.fileExists(atPath: source + "/recipe.yaml")
          ? source + "/recipe.yaml" : nil)
    if let file {
      document = try YAML.read(.file(file))
      if isRecipe {
        let folder = source.contains("/") ? String(source[..<(source.lastIndex(of: "/") ?? source.startIndex)]) : "."
        let inside = document.value["data"]?.string ?? "."
        data = inside == "." ? folder : inside.hasPrefix("/") ? inside : folder + "/" + inside
      }
    }
    var settings: [(path: String, value: JSONValue)] = [("data", .string(data))]
    func add(_ path: String, _ value: JSONValue?) { if let value { settings.append((path, value)) } }
    add("target", target.map { .string($0) })
    add("task", task.map { .string($0) })
    add("model.kind", model.map { .string($0) })
    if let hidden {
      add(
        "model.hidden",
        .array(try hidden.split(separator: ",").map { try YAML.parseValue(String($0), name: "--hidden") }))
    }
    add("training.epochs", epochs.map { JSONValue($0) })
    add("training.batch_size", batchSize.map { JSONValue($0) })
    add("training.learning_rate", learningRate.map { .number($0) })
    add("training.optimizer", optimizer.map { .string($0) })
    add("training.l2", l2.map { .number($0) })
    add("training.seed", seed.map { JSONValue($0) })
    add("training.threads", threads.map { JSONValue($0) })
    add("source.table", table.map { .string($0) })
    add("source.query", query.map { .string($0) })
    for setting in self.settings {
      guard let equals = setting.firstIndex(of: "=") else {
        throw ValidationError("--set needs KEY=VALUE, such as training.clip_norm=1, not \"\(setting)\".")
      }
      let path = String(setting[..<equals])
      add(path, try YAML.parseValue(String(setting[setting.index(after: equals)...]), name: "--set \(path)"))
    }
    return try usageError(from: file == nil) { try Recipe(document, settings: settings) }
  }

  /// A wrong setting that came from a flag is a usage error; one from a file is bad data.
  private func usageError<R>(from flags: Bool, _ body: () throws -> R) throws -> R {
    do { return try body() } catch let error as FormatError where flags || error.line == nil {
      throw ValidationError(error.message)
    }
  }

  private func modelName(_ recipe: Recipe) throws -> String {
    if let output { return output.split(separator: "/").last.map(String.init) ?? output }
    if let dataset = try DataLoader.description(at: recipe.data) { return dataset.name }
    return DataLoader.baseName(recipe.data)
  }

  /// The command that makes the same model again, ready to be pasted.
  func command(_ path: String) -> String {
    var words = ["swiftlet", "train", source]
    let options: [(flag: String, value: String?)] = [
      ("--recipe", recipe), ("--target", target), ("--model", model), ("--hidden", hidden),
      ("--epochs", epochs.map(String.init)), ("--batch-size", batchSize.map(String.init)),
      ("--learning-rate", learningRate.map { $0.description }), ("--optimizer", optimizer),
      ("--l2", l2.map { $0.description }), ("--seed", seed.map(String.init)), ("--threads", threads.map(String.init)),
      ("--task", task), ("--table", table), ("--query", query),
    ]
    for (flag, value) in options { if let value { words += [flag, value] } }
    for setting in settings { words += ["--set", setting] }
    return shellCommand(words + ["--output", path, "--force"])
  }

  /// What a person reads after a run.
  static func table(_ outcome: TrainingOutcome, path: String) -> String {
    let figures = outcome.figures
    let rows = figures.judged.metrics.map { metric in
      [metric.name]
        + (figures.parts.map(\.metrics) + [figures.baseline]).map { $0[metric.name].map { decimals($0, 4) } ?? "" }
    }
    let fit = outcome.fit
    return """
      \(textTable([[""] + figures.parts.map(\.split.rawValue) + ["baseline"]] + rows))

      \(fit.epochs) epochs in \(decimals(fit.seconds, 2)) s (\(fit.ending.rawValue)), \(Int(min(fit.examplesPerSecond, 1e12))) examples/s
      Saved \(path). Next:
        \(programPath) evaluate \(path)
        \(programPath) inspect \(path)
      """
  }
}
