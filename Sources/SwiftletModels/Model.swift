// SPDX-License-Identifier: Apache-2.0
//
// Model: what can answer.
//
// A server needs five things of a model: what it takes and gives, rows prepared from a table or from bare numbers, how
// much work a row is, and answers. A bundle's network is one model; the graph of another toolkit can be another, and so
// can a test's. Nothing here requires layers.
//
// Shapes    N rows, F values for a row, D features, W answers for a row
// Before    Workspace.swift     After    TabularModel.swift

import SwiftletFormats
import SwiftletTables
import SwiftletTensors

/// What can answer for rows. Safe to be used from many threads at once.
public protocol Model: Sendable {
  /// What it takes and gives.
  var signature: Signature { get }
  /// Number of multiplications for a row, by which a server decides what to answer at once.
  var rowCost: Int { get }
  /// Prepares the rows of a table.
  ///
  /// - Returns: N · D features, row by row, and how many cells held a category that the model does not know.
  /// - Throws: `DataError` if a column is absent or of another type.
  func features(of table: Table) throws -> (features: [Float], unseenCount: Int)
  /// Prepares rows of bare numbers; called only for models whose signature takes them.
  ///
  /// - Parameters:
  ///   - numbers: N · F numbers as they stand in the data, NaN if one is missing.
  ///   - features: Room for N · D features.
  func prepare(_ numbers: UnsafeBufferPointer<Double>, into features: UnsafeMutableBufferPointer<Float>)
  /// Answers for rows that were prepared.
  ///
  /// - Parameters:
  ///   - features: N · D features.
  ///   - answers: Room for N · W numbers.
  func answer(features: UnsafeBufferPointer<Float>, into answers: UnsafeMutableBufferPointer<Double>)
  /// The gradient of a score with respect to the features of one row, D numbers; `nil` if the model cannot tell.
  ///
  /// - Parameters:
  ///   - score: The position of one of the head's scores.
  ///   - features: D features.
  func gradient(ofScore score: Int, at features: [Float]) -> [Float]?
}

extension Model {
  public func gradient(ofScore score: Int, at features: [Float]) -> [Float]? { nil }
}

/// What a model takes and gives.
public struct Signature: Sendable {
  /// What the model is called.
  public var name: String
  /// The name of the column that is predicted; of several, joined by commas.
  public var target: String
  /// The columns, or the picture, of a row.
  public var inputs: [InputSchema]
  /// D, the number of features that a row becomes.
  public var featureCount: Int
  /// Whether a row can be given as bare numbers: of columns of numbers, or the pixels of a picture.
  public var takesNumbers: Bool
  /// What the answers mean.
  public var head: any Head
  /// How data for it are written, as in training.
  public var reading: ReadingOptions
  /// Facts about it for people.
  public var facts: ModelFacts

  /// A signature; models of other toolkits know few facts.
  public init(
    name: String, target: String, inputs: [InputSchema], featureCount: Int, takesNumbers: Bool, head: any Head,
    reading: ReadingOptions = ReadingOptions(), facts: ModelFacts = ModelFacts()
  ) {
    self.name = name
    self.target = target
    self.inputs = inputs
    self.featureCount = featureCount
    self.takesNumbers = takesNumbers
    self.head = head
    self.reading = reading
    self.facts = facts
  }

  /// The word for what it predicts, such as `classification`.
  public var task: String { head.task }
  /// The names of the classes in their order; empty if there are none.
  public var labels: [String] { head.labels }
  /// The columns that are read.
  public var columnNames: [String] { inputs.map(\.name) }
  /// Whether every input is a cell, so that rows are rows of a table. Otherwise a row is one picture.
  public var isTabular: Bool { inputs.allSatisfy(\.isCell) }
  /// Whether every column holds numbers, so that a row is a list of numbers.
  public var isNumeric: Bool { inputs.allSatisfy { $0.isCell && $0.form == .number } }
  /// F, the number of values that a row is given as.
  public var valueCount: Int { inputs.reduce(0) { $0 + $1.rowShape.elementCount } }
  /// A reader of data for the model: every cell means what it meant in training.
  public var tableReader: TableReader { TableReader(for: inputs, options: reading) }
}

/// Facts about a model for people. No answer depends on any of them.
public struct ModelFacts: Sendable {
  /// The name of its family, such as `mlp`.
  public var kind = ""
  /// What it is written in, as the Open Inference Protocol names a platform: the project, then the format.
  public var platform = "swiftlet_safetensors"
  /// Number of parameters.
  public var parameterCount = 0
  /// How each input becomes its feature, where that is a multiplication and an addition.
  public var affines: [Affine?] = []
  /// Weight and bias, where scores are weighted sums of the features; else empty.
  public var linearParameters: [Tensor] = []
  /// The record of its training: recipe, versions, metrics.
  public var training = JSONValue.null
  /// The model card.
  public var card = ""
  /// An example row, units and a view.
  public var illustration = Illustration()

  /// No facts.
  public init() {}
}
