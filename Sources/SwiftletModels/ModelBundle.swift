// SPDX-License-Identifier: Apache-2.0
//
// ModelBundle: everything that a trained model is.
//
// The network alone is of no use: it wants numbers that were prepared as in training, and it puts out
// scores that must be given their labels again. So the pipeline, the labels, the parameters and the record
// of how all this came about live and travel together.
//
// Before    Illustration.swift     After    ModelKind.swift

import SwiftletFormats
import SwiftletNN
import SwiftletTables
import SwiftletTensors

/// What a model puts out.
public enum ModelOutput: Sendable, Equatable {
  /// A class. With two labels the network has one score, of the second.
  case classes(labels: [String])
  /// Numbers: prediction = score · factor + offset, in the unit of each target.
  case numbers(targets: [TargetScale])

  /// The names of the numbers; none for a class.
  public var targetNames: [String] { if case .numbers(let targets) = self { targets.map(\.name) } else { [] } }

  /// Number of scores that the network must have for it.
  public var scoreCount: Int {
    switch self {
    case .classes(let labels): labels.count == 2 ? 1 : labels.count
    case .numbers(let targets): targets.count
    }
  }
}

/// A target and how the network's scores become its values.
public struct TargetScale: Sendable, Equatable {
  /// The target's name.
  public let name: String
  /// What the network's 0 stands for, in the target's unit.
  public let offset: Double
  /// What the network's 1 is more than that.
  public let factor: Double
  /// A scale: predicted = output · factor + offset.
  public init(name: String, offset: Double, factor: Double) {
    self.name = name
    self.offset = offset
    self.factor = factor
  }
}

/// A trained model.
public struct ModelBundle: Sendable {
  /// The name and version of the format on disk.
  public static let format = "swiftlet-model/2"
  /// The first format, which is still read: it held the sizes of an MLP in place of the layers.
  static let firstFormat = "swiftlet-model/1"

  /// What the model is called.
  public var name: String
  /// The name of the column that is predicted; of several, joined by commas.
  public var target: String
  /// What its numbers mean: classes or targets.
  public var output: ModelOutput
  /// The probability from which on the second of two classes is predicted.
  public var threshold: Double
  /// The preparation of rows, as learned from the training rows.
  public var pipeline: Pipeline
  /// The spellings that mean "there is no value" in data for this model, as in training.
  public var missingSpellings: MissingSpellings
  /// The family of models that the network belongs to.
  public var kind: ModelKind
  /// The layers with their parameters.
  public var network: Sequential
  /// The resolved recipe, the data's fingerprint, seeds, versions, seconds, metrics.
  public var training: JSONValue
  /// The lines of history.csv.
  public var history: String
  /// The model card: README.md.
  public var card: String
  /// An example row, units and a view, for those who look at the model.
  public var illustration: Illustration

  /// A bundle of parts that fit together.
  public init(
    name: String, target: String, output: ModelOutput, threshold: Double = 0.5, pipeline: Pipeline,
    missingSpellings: MissingSpellings = .standard, kind: ModelKind, network: Sequential,
    training: JSONValue, history: String, card: String, illustration: Illustration = Illustration()
  ) {
    self.name = name
    self.target = target
    self.output = output
    self.threshold = threshold
    self.pipeline = pipeline
    self.kind = kind
    self.network = network
    self.missingSpellings = missingSpellings
    self.training = training
    self.history = history
    self.card = card
    self.illustration = illustration
  }

  /// Classification where the output is classes, else regression.
  public var task: Task { if case .classes = output { .classification } else { .regression } }
  /// The names of the classes in their order; empty for a regression.
  public var labels: [String] { if case .classes(let labels) = output { labels } else { [] } }

  /// The sizes of the layers between the features and the scores.
  var hiddenSizes: [Int] {
    network.parameters.filter { $0.value.rank == 2 }.dropLast().map { $0.value.shape[0] }
  }

  /// Number of multiplications for a row.
  public var rowCost: Int {
    network.parameters.filter { $0.value.rank > 1 }.reduce(0) { $0 + $1.value.count }
  }

  /// The types by which columns are read for this model, as in training.
  public var columnTypes: [String: ColumnType] { pipeline.columnTypes }

  /// A reader of data for this model: every cell means what it meant in training.
  public var tableReader: TableReader { TableReader(for: pipeline, missing: missingSpellings) }

  /// The contents of model.json.
  var json: JSONValue {
    .object([
      .init("format", .string(ModelBundle.format)), .init("name", .string(name)), .init("task", .string(task.rawValue)),
      .init("target", .string(target)), .init("signature", signature), .init("threshold", .number(threshold)),
      .init("pipeline", pipeline.json), .init("missing", JSONValue(missingSpellings.spellings)),
      .init("kind", .string(kind.rawValue)), .init("network", .array(Blueprint(network).layers)),
      .init("training", training),
    ])
  }

  /// What the model wants and gives: for those who call it.
  private var signature: JSONValue {
    let inputs = pipeline.inputs.map(\.json)
    switch output {
    case .classes(let labels):
      return .object(
        [
          .init("inputs", .array(inputs)), .init("outputs", ["label", "probabilities"]),
          .init("labels", JSONValue(labels)),
        ] + illustration.members)
    case .numbers(let targets):
      let scales: [JSONValue] = targets.map {
        ["name": .string($0.name), "offset": .number($0.offset), "factor": .number($0.factor)]
      }
      return .object(
        [.init("inputs", .array(inputs)), .init("outputs", ["prediction"]), .init("targets", .array(scales))]
          + illustration.members)
    }
  }
}
