// SPDX-License-Identifier: Apache-2.0
//
// A training run: from a recipe to a model bundle, with its figures.
//
//     data → table → split → pipeline fitted on the training rows → features → network → bundle
//
// Before    Illustrating.swift     After    SwiftletCommands

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors

/// The outcome of a run.
public struct TrainingOutcome: Sendable {
  /// The trained model.
  public let bundle: ModelBundle
  /// How the fit went.
  public let fit: FitReport
  /// How many rows played which part.
  public let rows: [(split: Split, count: Int)]
  /// The measures on each part, the test rows last.
  public let metrics: [(split: Split, values: [Metric])]
  /// What the simplest answer reaches on the same rows.
  public let baseline: [Metric]
  /// What should be known, each with its remedy.
  public let warnings: [String]

  /// The measure by which the model is compared with the baseline.
  public var headline: String { bundle.task == .classification ? "accuracy" : "r2" }

  /// What `train --json` prints.
  public func json(path: String) -> JSONValue {
    let judgedOn = metrics.last?.split.rawValue ?? "train"
    return .object([
      .init("model", .string(path)), .init("name", .string(bundle.name)), .init("task", .string(bundle.task.rawValue)),
      .init("kind", .string(bundle.description.kind.rawValue)),
      .init("rows", .object(rows.map { .init($0.split.rawValue, JSONValue($0.count)) })),
      .init("features", JSONValue(bundle.pipeline.width)), .init("labels", JSONValue(bundle.labels)),
      .init("epochs", JSONValue(fit.epochs)), .init("stopped", .string(fit.ending.rawValue)),
      .init("seconds", .number(fit.seconds)),
      .init("examples_per_second", .number(fit.examplesPerSecond)), .init("seed", bundle.training["seed"] ?? .null),
      .init("parameters", JSONValue(bundle.network.parameterCount)),
      .init("baseline", .object([.init(judgedOn, Evaluation.json(baseline))])),
      .init("metrics", .object(metrics.map { .init($0.split.rawValue, Evaluation.json($0.values)) })),
      .init("warnings", JSONValue(warnings)),
    ])
  }
}

/// Runs a recipe.
public struct TrainingRun: Sendable {
  /// What decides the run.
  public let recipe: Recipe
  /// What the model will be called.
  public let name: String
  /// The command that would do the same again; it stands in the model card.
  public let command: String
  /// Who watches, and who may stop it.
  public var hooks = TrainingHooks()
  /// Told in sentences what was decided, and what to mind.
  public var say: @Sendable (String) -> Void = { _ in }

  /// A run that has not begun.
  public init(_ recipe: Recipe, name: String, command: String) {
    (self.recipe, self.name, self.command) = (recipe, name, command)
  }

  /// Loads, prepares, fits and judges.
  ///
  /// - Throws: `FormatError`, `DataError` and `DivergenceError`, each with its remedy.
  public func run() throws -> TrainingOutcome {
    let data = try PreparedData(recipe)
    guard data.rows(.train).count >= 2 else { throw DataError("There are fewer than two training rows.") }
    data.messages.forEach { say($0) }

    let trainRows = data.rows(.train)
    let trainTarget = data.target.selecting(trainRows)
    let (pipeline, pipelineWarnings) = try Pipeline.fit(data.features, rows: trainRows, recipe.pipeline)
    let (output, loss) = TrainingRun.output(data.target, trainTarget)
    let train = Examples(
      features: try pipeline.transform(data.features, rows: trainRows).features,
      targets: TrainingRun.targets(trainTarget, output))
    let validationRows = data.rows(.validation)
    let validation =
      validationRows.isEmpty
      ? nil
      : Examples(
        features: try pipeline.transform(data.features, rows: validationRows).features,
        targets: TrainingRun.targets(data.target.selecting(validationRows), output))

    let description = try networkDescription(data.target, inputSize: pipeline.width)
    var generator = Generator(seed: recipe.training.seed, stream: 0)
    var network = description.makeNetwork(using: &generator)
    say(
      "\(description.kind.rawValue), \(network.parameterCount) parameters, by \(recipe.resolvedOptimizer.rawValue); \(train.count) training rows"
    )
    let trainer = Trainer(recipe.training, loss: loss, classWeights: classWeights(trainTarget), hooks: hooks)
    let fit = try self.fit(trainer, &network, train, validation)

    var bundle = ModelBundle(
      name: name, target: TrainingRun.targetName(data.target, data), output: output,
      threshold: recipe.decision.threshold,
      pipeline: pipeline, missingSpellings: MissingSpellings(recipe.source.missing), description: description,
      network: network, training: .null, history: fit.history, card: "",
      illustration: Illustration(of: data, pipeline: pipeline, targets: output.targetNames))
    let predictor = Predictor(bundle)
    var rows: [(split: Split, count: Int)] = []
    var metrics: [(split: Split, values: [Metric])] = []
    for split in Split.allCases {
      let part = data.rows(split)
      guard !part.isEmpty else { continue }
      rows.append((split, part.count))
      metrics.append((split, try Evaluation(predictor, data.features, rows: part, data.target.selecting(part)).metrics))
    }
    let judged = data.target.selecting(data.rows(metrics.last?.split ?? .train))
    let baseline = baselineMetrics(train: trainTarget, judged: judged)
    let warnings =
      data.warnings + pipelineWarnings + fit.warnings + comparison(metrics.last?.values ?? [], baseline, bundle.task)
    bundle.training = record(data, fit, metrics, baseline, threads: trainer.threads)
    bundle.card = ModelCard(
      title: data.loaded.dataset?.title ?? data.loaded.name, dataset: data.loaded.name,
      citation: data.loaded.dataset?.citation,
      licence: data.loaded.dataset?.licence, command: command, rows: rows, metrics: metrics, baseline: baseline,
      warnings: warnings
    ).markdown(for: bundle)
    return TrainingOutcome(
      bundle: bundle, fit: fit, rows: rows, metrics: metrics, baseline: baseline, warnings: warnings)
  }

  private func fit(_ trainer: Trainer, _ network: inout Sequential, _ train: Examples, _ validation: Examples?) throws
    -> FitReport
  {
    let training = recipe.training
    switch recipe.resolvedOptimizer {
    case .lbfgs, .auto:
      guard var layer = network.layers.first as? Linear, network.layers.count == 1 else {
        throw DataError("The optimizer lbfgs is for logistic and linear models; use adam, adamw or sgd for an mlp.")
      }
      let report = try trainer.fitConvex(&layer, train: train, validation: validation)
      network.layers = [layer]
      return report
    case .adam:
      let adam = Adam(learningRate: training.learningRate, weightDecay: decay(train.count))
      return try trainer.fit(&network, optimizer: adam, train: train, validation: validation)
    case .adamw:
      let adam = Adam.adamW(learningRate: training.learningRate, weightDecay: decay(train.count))
      return try trainer.fit(&network, optimizer: adam, train: train, validation: validation)
    case .sgd:
      let sgd = SGD(learningRate: training.learningRate, momentum: training.momentum, weightDecay: decay(train.count))
      return try trainer.fit(&network, optimizer: sgd, train: train, validation: validation)
    }
  }

  /// The decay of the weights: that of the recipe, or for a convex model what its penalty amounts to.
  private func decay(_ count: Int) -> Float {
    recipe.model.kind == .mlp ? recipe.training.weightDecay : Float(recipe.training.l2 / Double(count))
  }

  private func networkDescription(_ target: Target, inputSize: Int) throws -> NetworkDescription {
    let outputSize: Int
    switch target {
    case .labels(_, let names):
      guard recipe.model.kind != .linear else {
        throw DataError("A linear model predicts numbers, and the target holds classes. Use --model logistic.")
      }
      outputSize = names.count == 2 ? 1 : names.count
    case .numbers(let columns, _):
      guard recipe.model.kind != .logistic else {
        throw DataError("A logistic model predicts classes, and the target holds numbers. Use --model linear.")
      }
      outputSize = columns.count
    }
    let description = NetworkDescription(
      kind: recipe.model.kind, inputSize: inputSize, hiddenSizes: recipe.model.kind == .mlp ? recipe.model.hidden : [],
      outputSize: outputSize, activation: recipe.model.activation,
      dropoutRate: recipe.model.kind == .mlp ? recipe.model.dropout : 0)
    guard description.isWithinLimits else {
      throw DataError(
        "The network would have more than \(NetworkDescription.weightLimit) weights: \(inputSize) features, "
          + "hidden layers of \(description.hiddenSizes). Use smaller layers (--hidden 64,32).")
    }
    return description
  }

  /// What the model puts out, and the loss that belongs to it. Targets that are numbers are standardized.
  private static func output(_ target: Target, _ train: Target) -> (ModelOutput, Loss) {
    switch (target, train) {
    case (.labels(_, let names), _):
      return (.classes(labels: names), names.count == 2 ? .binaryCrossEntropy : .crossEntropy)
    case (.numbers, .numbers(let columns, let names)):
      let scales = zip(columns, names).map { column, name in
        let center = mean(column)
        let deviation = mean(column.map { ($0 - center) * ($0 - center) }).squareRoot()
        return TargetScale(name: name, offset: center, factor: deviation > 0 ? deviation : 1)
      }
      return (.numbers(targets: scales), .meanSquaredError)
    default: return (.numbers(targets: []), .meanSquaredError)
    }
  }

  private static func targets(_ target: Target, _ output: ModelOutput) -> Targets {
    switch (target, output) {
    case (.numbers(let columns, _), .numbers(let scales)):
      let count = target.count
      return .numbers(
        Tensor(uninitialized: [count, columns.count]) { scaled in
          for (position, (column, scale)) in zip(columns, scales).enumerated() {
            for row in 0..<count {
              scaled[row * columns.count + position] = Float((column[row] - scale.offset) / scale.factor)
            }
          }
        })
    case (.labels(let labels, _), _): return .labels(labels)
    default: return .labels([])
    }
  }

  private static func targetName(_ target: Target, _ data: PreparedData) -> String {
    if case .numbers(_, let names) = target { return names.joined(separator: ",") }
    return data.targetColumn
  }

  /// n / (C · nₖ) for each class, where the recipe asks for balance.
  private func classWeights(_ target: Target) -> [Float]? {
    guard recipe.training.classWeight == .balanced, case .labels(let labels, let names) = target else { return nil }
    var counts = Array(repeating: 0, count: names.count)
    for label in labels { counts[Int(label)] += 1 }
    return counts.map { Float(labels.count) / Float(names.count * max($0, 1)) }
  }

  private func comparison(_ metrics: [Metric], _ baseline: [Metric], _ task: Task) -> [String] {
    let name = task == .classification ? "accuracy" : "r2"
    guard let own = metrics.first(where: { $0.name == name })?.value,
      let other = baseline.first(where: { $0.name == name })?.value,
      own <= other
    else { return [] }
    let answer =
      task == .classification ? "always answering with the most frequent class" : "always answering with the mean"
    return ["The model does not beat the baseline: \(name) \(own), and \(other) by \(answer)."]
  }

  /// How the model came about, for model.json. Nothing in it depends on the time or the place, but for `seconds`.
  private func record(
    _ data: PreparedData, _ fit: FitReport, _ metrics: [(split: Split, values: [Metric])], _ baseline: [Metric],
    threads: Int
  ) -> JSONValue {
    .object([
      .init("recipe", recipe.json), .init("data_sha256", .string(data.loaded.sha256)),
      .init("seed", JSONValue(Int(recipe.training.seed))),
      .init("threads", JSONValue(threads)), .init("openblas", .string(OpenBLAS.version)),
      .init("core", .string(OpenBLAS.coreName)), .init("swiftlet", .string(swiftletVersion)),
      .init("epochs", JSONValue(fit.epochs)), .init("best_epoch", JSONValue(fit.bestEpoch)),
      .init("stopped", .string(fit.ending.rawValue)),
      .init("seconds", .number((fit.seconds * 1000).rounded() / 1000)),
      .init("metrics", .object(metrics.map { .init($0.split.rawValue, Evaluation.json($0.values)) })),
      .init("baseline", Evaluation.json(baseline)),
    ])
  }
}

/// The version of the toolkit.
public let swiftletVersion = "0.1.0"
