// SPDX-License-Identifier: Apache-2.0
//
// A run: from an experiment to a model bundle, with its figures.
//
// Before    Illustrating.swift     After    TrainingOutcome.swift

import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors

extension Experiment {
  /// A whole run: splits, prepares, fits, judges and records.
  ///
  /// - Parameters:
  ///   - recipe: What decides the run; it asks the experiment's own question.
  ///   - fold: Which rows are for training, validation and test; `nil` for the recipe's own split.
  ///   - name: What the model will be called.
  ///   - command: The command that would do the same again, for the model card.
  ///   - checkpoints: Where the state of the fit is kept, as often as the recipe says.
  ///   - observer: Watches the run, and may stop it.
  /// - Throws: `FormatError`, `DataError` and `DivergenceError`, each with its remedy.
  public func run(
    _ recipe: Recipe, fold: Fold? = nil, name: String, command: String = "", checkpoints: Checkpoints? = nil,
    observer: any RunObserver = NoObserver()
  ) throws -> TrainingOutcome {
    var run = try prepare(recipe, fold: fold, name: name, command: command, observer: observer)
    run.checkpoints = checkpoints
    return try run.outcome(observer)
  }

  /// The first stages of a run: splits, and fits the pipeline. For callers that need the rows when the run is over.
  ///
  /// - Throws: `FormatError` and `DataError`, each with its remedy.
  public func prepare(
    _ recipe: Recipe, fold: Fold? = nil, name: String, command: String = "", observer: any RunObserver = NoObserver()
  ) throws -> Run {
    let recipe = try recipe.completed()
    let data = try PreparedData(self, fold ?? self.fold(recipe.split), recipe.pipeline)
    (messages + [data.fold.message]).forEach { observer.saw(.said($0)) }
    return Run(recipe: recipe, data: data, name: name, command: command)
  }
}

/// A run whose rows are prepared: the stages that depend on the model and on the training.
public struct Run: Sendable {
  /// What decides the run.
  public let recipe: Recipe
  /// The examples, and how they were made.
  public let data: PreparedData
  /// What the model will be called.
  public let name: String
  /// The command that would do the same again.
  public let command: String
  /// Where the state of the fit is kept, as often as the recipe says.
  public var checkpoints: Checkpoints?

  /// A run that has not begun.
  public init(recipe: Recipe, data: PreparedData, name: String, command: String = "") {
    self.recipe = recipe
    self.data = data
    self.name = name
    self.command = command
  }

  /// Describes, fits, judges and records.
  public func outcome(_ observer: any RunObserver = NoObserver()) throws -> TrainingOutcome {
    var network = try untrainedNetwork()
    observer.saw(.said(summary(of: network)))
    let fit = try fit(&network, observer)
    return try outcome(of: network, fit, observer)
  }

  /// Judges and records a network that was fitted, here or elsewhere.
  func outcome(of network: Sequential, _ fit: FitReport, _ observer: any RunObserver) throws -> TrainingOutcome {
    var head = data.head
    head.threshold = recipe.decision.threshold
    var bundle = try ModelBundle(
      name: name, target: data.experiment.targetNames.joined(separator: ","), head: head,
      pipeline: data.pipeline, reading: recipe.reading, kind: recipe.model.kind, network: network,
      training: .null, history: fit.history.csv, card: "", illustration: Illustration(of: data))
    if let message = try bundle.tune(on: data) { observer.saw(.said(message)) }
    let figures = try Figures(of: bundle, on: data)
    let warnings =
      data.experiment.warnings + data.warnings + [recipe.unreadWarning].compactMap { $0 } + fit.warnings
      + figures.warnings(head)
    warnings.forEach { observer.saw(.warned($0)) }
    let record = RunRecord(
      recipe, fit, figures, dataSHA256: data.experiment.data.sha256, threads: recipe.training.threadCount)
    bundle.training = record.json
    bundle.card = try card(figures, warnings, ModelKinds.named(bundle.kind).title(network)).markdown(for: bundle)
    observer.saw(.ended(record))
    return TrainingOutcome(bundle: bundle, fit: fit, record: record, warnings: warnings, dropped: dropped)
  }

  /// What was left out of the training.
  private var dropped: TrainingOutcome.Dropped {
    let left = data.experiment.features.columns.filter { data.pipeline.input(named: $0.name) == nil }
    let rows = data.fold.rows(.train)
    let words = left.filter { column in
      guard column.type == .text, column.writtenQuantity == nil, let codes = column.codes else { return false }
      var counts = Array(repeating: 0, count: column.categories?.count ?? 0)
      for row in rows where codes[Int(row)] >= 0 { counts[Int(codes[Int(row)])] += 1 }
      return counts.count { $0 >= TrainingOutcome.Dropped.frequentCount } > 1
    }
    return .init(
      rows: data.experiment.droppedRowCount, columns: left.map(\.name), words: words.map(\.name))
  }

  /// The network before its first step: random, or at zero if the problem is convex and may begin anywhere.
  ///
  /// - Throws: `DataError` if the model cannot predict the target, or would be too large.
  public func untrainedNetwork() throws -> Sequential {
    let kind = try ModelKinds.named(recipe.model.kind)
    try kind.check(data.head)
    let pipeline = data.pipeline
    try checkPair()
    let lookup = try kind.lookup(pipeline.codeFeatures, width: pipeline.width, recipe.model)
    var blueprint = try kind.blueprint(
      featureShape: lookup.layers.isEmpty ? pipeline.featureShape : [lookup.width], scoreCount: data.head.scoreCount,
      recipe.model)
    blueprint.layers = lookup.layers + blueprint.layers
    let source = FreshParameters(
      using: Generator(seed: recipe.training.seed, stream: 0), initializer: kind.isConvex ? .zeros : nil)
    do {
      return try blueprint.build(from: source, inputSize: data.pipeline.width)
    } catch let error as LayerError {
      throw DataError(
        "The network cannot be made: \(error) It has \(data.pipeline.width) features."
          + (kind.remedy.isEmpty ? "" : " " + kind.remedy))
    }
  }

  /// Refuses a recommendation of one user or one item, whose column was left out.
  private func checkPair() throws {
    guard recipe.isRecommendation else { return }
    for name in [recipe.recommendation.user, recipe.recommendation.item].compactMap({ $0 })
    where data.pipeline.input(named: name) == nil {
      let reason = data.warnings.first { $0.hasPrefix("\"\(name)\" ") } ?? ""
      throw DataError("A recommendation needs two or more users and as many items. " + reason)
    }
  }

  private func summary(of network: Sequential) -> String {
    "\(recipe.model.kind), \(network.parameterCount) parameters, by \(recipe.resolvedOptimizer.rawValue); "
      + "\(data.train.count) training rows"
  }

  /// Fits the network by the recipe's optimizer.
  public func fit(_ network: inout Sequential, _ observer: any RunObserver = NoObserver()) throws -> FitReport {
    try fitter(observer).fit(
      &network, train: weighted(data.train, .train), validation: data.validation.map { try weighted($0, .validation) },
      observer: observer)
  }

  /// What the recipe fits the network by.
  func fitter(_ observer: any RunObserver) throws -> any Fitter {
    let training = recipe.training
    guard !training.augment.isActive || data.pipeline.featureShape.rank == 3 else {
      throw DataError("training.augment moves pictures, and the features are columns. Leave it out.")
    }
    let decay = recipe.isConvex ? 0 : training.weightDecay  // a convex model has its penalty
    let optimizer: any Optimizer
    switch recipe.resolvedOptimizer {
    case .lbfgs, .auto:
      guard !training.augment.isActive else {
        throw DataError(
          "training.augment changes the pictures of each batch, and L-BFGS looks at all of them. "
            + "Use --optimizer adam.")
      }
      if checkpoints?.resumes == true {
        observer.saw(.said("L-BFGS keeps no checkpoints: the run starts at the beginning."))
      }
      return ConvexFit(objective, training)
    case .adam: optimizer = Adam(learningRate: training.learningRate, weightDecay: decay)
    case .adamw: optimizer = Adam.adamW(learningRate: training.learningRate, weightDecay: decay)
    case .sgd:
      optimizer = SGD(learningRate: training.learningRate, momentum: training.momentum, weightDecay: decay)
    }
    if let checkpoints, checkpoints.resumes, !checkpoints.exists {
      observer.saw(.said("There is no checkpoint at \(checkpoints.path): the run starts at the beginning."))
    }
    var trainer = Trainer(optimizer, objective, training)
    trainer.checkpoints = try checkpoints?.of(recipe, dataSHA256: data.experiment.data.sha256)
    return trainer
  }

  /// What the fit minimizes.
  private var objective: Objective { Objective(data.head, l2: recipe.isConvex ? recipe.training.l2 : nil) }

  /// Examples that count as much as the recipe says, the training rows N in all.
  func weighted(_ examples: Examples, _ split: Split) throws -> Examples {
    var examples = examples
    if recipe.training.classWeight == .balanced {
      examples.truth.weights = data.head.balancingWeights(of: examples.truth, trainedOn: data.train.truth)
    }
    guard let column = recipe.training.weight else { return examples }
    let weights = try data.experiment.weights(column)
    let rows = data.fold.rows(.train)
    let total = rows.reduce(0) { $0 + weights[Int($1)] }
    guard total.isFinite else {
      throw DataError("The weights in \(quoted(column)) are too large to be added. Divide them.")
    }
    guard total > 0 else { throw DataError("The weights in \(quoted(column)) are 0 in every training row.") }
    if split == .train { try refuseWeightless(examples.truth, rows.map { weights[Int($0)] }, column) }
    let own = data.fold.rows(split).map { Float(weights[Int($0)] * Double(rows.count) / total) }
    // If all validation rows weigh 0, they count equally: a loss of 0 would pick the first epoch.
    guard own.contains(where: { $0 > 0 }) else { return examples }
    examples.truth.weights = examples.truth.weights.map { zip($0, own).map { $0 * $1 } } ?? own
    return examples
  }

  /// Refuses weights that are 0 in every training row of a class.
  private func refuseWeightless(_ truth: Truth, _ weights: [Double], _ column: String) throws {
    var totals = data.head.labels.map { _ in 0.0 }
    var counts = totals
    for (label, weight) in zip(truth.labels, weights) {
      totals[Int(label)] += weight
      counts[Int(label)] += 1
    }
    guard let label = totals.indices.first(where: { totals[$0] == 0 && counts[$0] > 0 }) else { return }
    throw DataError(
      "The weights in \(quoted(column)) are 0 in every training row of the class \(quoted(data.head.labels[label])), so "
        + "nothing of it could be learned. Leave these rows out of the file, or give them a weight.")
  }

  private func card(_ figures: Figures, _ warnings: [String], _ model: String) -> ModelCard {
    let loaded = data.experiment.data
    return ModelCard(
      title: loaded.dataset?.title ?? loaded.name, model: model, dataset: loaded.name,
      citation: loaded.dataset?.citation,
      licence: loaded.dataset?.licence, command: command, figures: figures, warnings: warnings)
  }
}

extension Recipe.Training {
  /// Number of threads: one for each core if the recipe leaves it open.
  var threadCount: Int { threads == 0 ? OpenBLAS.processorCount : threads }
}
