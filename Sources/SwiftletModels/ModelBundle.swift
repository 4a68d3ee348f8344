// SPDX-License-Identifier: Apache-2.0
//
// ModelBundle: everything that a trained model is.
//
// The network alone is of no use: it needs numbers that were prepared as in training, and gives scores
// that must be turned into labels. So the pipeline, the labels, the parameters and the record
// of how all this came about live and travel together.
//
// Before    Statistics/CountedRanking.swift     After    NetworkFormat.swift

import SwiftletFormats
import SwiftletNN
import SwiftletTables
import SwiftletTensors

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
  /// What the network's scores mean: classes, or numbers.
  public package(set) var head: any Head
  /// The least probability at which the second of two labels is answered; `nil` if no threshold decides.
  public var threshold: Double? {
    get { head.threshold }
    set { head.threshold = newValue }
  }
  /// The preparation of rows, as learned from the training rows.
  public let pipeline: Pipeline
  /// How data for this model are written, as in training.
  public var reading: ReadingOptions
  /// The name of the family of models that the network belongs to.
  public var kind: String
  /// The layers with their parameters.
  public let network: Sequential
  /// The resolved recipe, the data's fingerprint, seeds, versions, seconds, metrics.
  public var training: JSONValue
  /// The lines of history.csv.
  public var history: String
  /// The model card: README.md.
  public var card: String
  /// An example row, units and a view, for pages that show the model.
  public var illustration: Illustration

  /// A bundle of parts that fit together.
  ///
  /// - Throws: `LayerError` if the network does not take the pipeline's features, or gives another number of
  ///   scores than the head needs.
  public init(
    name: String, target: String, head: any Head, pipeline: Pipeline,
    reading: ReadingOptions = ReadingOptions(), kind: String, network: Sequential,
    training: JSONValue, history: String, card: String, illustration: Illustration = Illustration()
  ) throws {
    let scores = try network.outputShape(for: [1, pipeline.width])
    guard scores == [1, head.scoreCount] else {
      throw LayerError("the network gives \(scores) for a row, and \(head.scoreCount) scores are needed.")
    }
    try ModelBundle.check(network.codeCounts, pipeline)
    self.name = name
    self.target = target
    self.head = head
    self.pipeline = pipeline
    self.kind = kind
    self.network = network
    self.reading = reading
    self.training = training
    self.history = history
    self.card = card
    self.illustration = illustration
  }

  /// Compares the codes that a network looks up with those that the pipeline makes.
  private static func check(_ lookedUp: [Int: Int]?, _ pipeline: Pipeline) throws {
    guard let lookedUp else { return }
    let names = pipeline.featureNames
    for code in pipeline.codeFeatures where lookedUp[code.position] != code.count {
      throw LayerError(
        "\(quoted(names[code.position])) has \(code.count - 1) categories in the pipeline, which with that of strangers "
          + "need a table of \(code.count) rows, and the network "
          + (lookedUp[code.position].map { "has \($0)." } ?? "looks up nothing there."))
    }
    guard lookedUp.count == pipeline.codeFeatures.count else {
      throw LayerError("the network looks up a feature of which the pipeline makes no code.")
    }
  }

  /// The word for what it predicts, such as `classification`.
  public var task: String { head.task }
  /// The names of the classes in their order; empty if there are none.
  public var labels: [String] { head.labels }

  /// Number of multiplications for a row.
  public var rowCost: Int { Int(min(network.multiplicationCount(for: [1, pipeline.width]), 0x1p62)) }

  /// The types by which columns are read for this model, as in training.
  public var columnTypes: [String: ColumnType] { pipeline.columnTypes }

  /// A reader of data for this model: every cell means what it meant in training.
  public var tableReader: TableReader { TableReader(for: pipeline.inputs, options: reading) }

  /// The contents of model.json.
  var json: JSONValue {
    let threshold = head.threshold.map { [JSONValue.Member("threshold", .number($0))] } ?? []
    let options = reading.json.map { [JSONValue.Member("reading", $0)] } ?? []
    return .object(
      [
        .init("format", .string(ModelBundle.format)), .init("name", .string(name)), .init("task", .string(task)),
        .init("target", .string(target)), .init("signature", signature),
      ] + threshold + [
        .init("pipeline", pipeline.json), .init("missing", JSONValue(reading.missing.spellings)),
      ] + options + [
        .init("kind", .string(kind)), .init("network", .array(Blueprint(network).layers)),
        .init("training", training),
      ])
  }

  /// What the model takes and gives, for its callers.
  private var signature: JSONValue {
    .object([.init("inputs", .array(pipeline.inputs.map(\.json)))] + head.signature + illustration.members)
  }
}
