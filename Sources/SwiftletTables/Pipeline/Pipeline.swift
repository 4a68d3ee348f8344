// SPDX-License-Identifier: Apache-2.0
//
// Pipeline: from a table to the numbers that a network learns from.
//
// It is fitted on the training rows alone, because a mean over the test rows would leak
// something about them into the network; and it travels inside the model's bundle, so that a row is prepared in the same
// way when the model is trained, tested and asked.
//
// Shapes    N rows, D features
// Before    PipelineOptions.swift     After    FeatureReader.swift

import SwiftletFormats
import SwiftletTensors

/// The encoders of all feature columns, in the order of the columns.
public struct Pipeline: Sendable {
  /// One for each column, in the order of the features.
  public let encoders: [any ColumnEncoder]
  /// What the model takes: a description of each column, in the same order.
  public let inputs: [InputSchema]
  /// D, the number of features that a row becomes.
  public let width: Int
  private let positions: [String: Int]

  /// A pipeline of encoders that can stand side by side.
  init(encoders: [any ColumnEncoder]) throws {
    self.encoders = encoders
    inputs = encoders.map(\.schema)
    width = encoders.reduce(0) { $0 + $1.width }
    positions = Dictionary(encoders.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    guard positions.count == encoders.count else { throw DataError("The pipeline names a column twice.") }
    guard encoders.count == 1 || isTabular else {
      throw DataError("A model learns from images or from columns, not from both: set `features: {include: [image]}`.")
    }
    guard Shape.elementCount(of: [width]) != nil else {
      throw DataError("The pipeline gives \(width) features, which are more than a tensor holds.")
    }
  }

  /// Learns the encoders from training rows.
  ///
  /// - Parameters:
  ///   - table: The feature columns.
  ///   - rows: The training rows; by default all.
  ///   - options: How to fill and how to scale.
  /// - Returns: The pipeline, and a warning for every column that was left out.
  /// - Throws: ``DataError`` if no column is left, or if the features would take too much memory.
  public static func fit(_ table: Table, rows: [Int32]? = nil, _ options: PipelineOptions = PipelineOptions()) throws
    -> (Pipeline, warnings: [String])
  {
    let rows = rows ?? table.allRows
    var encoders: [any ColumnEncoder] = []
    var warnings: [String] = []
    for column in table.columns {
      switch Encoders.fit(column, rows: rows, options) {
      case .encoder(let encoder): encoders.append(encoder)
      case .leftOut(let reason): warnings.append(reason)
      case .refused(let reason): throw DataError(reason)
      }
    }
    guard !encoders.isEmpty else {
      throw DataError("No feature is left to learn from. " + warnings.joined(separator: " "))
    }
    let pipeline = try Pipeline(encoders: encoders)
    try pipeline.checkMemory(rowCount: rows.count)
    return (pipeline, warnings)
  }

  /// Refuses more features than the memory can hold beside everything else.
  private func checkMemory(rowCount: Int) throws {
    let byteCount = Double(rowCount) * Double(width) * Double(MemoryLayout<Float>.size)
    guard isTabular, byteCount > Double(MemoryLimit.bytes) / 2 else { return }
    throw DataError(
      "\(rowCount) training rows of \(width) features take \(decimals(byteCount / 1e9, 1)) GB, and this process may have "
        + "\(decimals(Double(MemoryLimit.bytes) / 1e9, 1)) GB in all. Leave columns out with "
        + "--set features.exclude=NAMES, or train on fewer rows.")
  }

  // MARK: What it takes and gives

  /// The names of the features.
  public var featureNames: [String] { encoders.flatMap(\.featureNames) }
  /// The shape of one row's features: `[D]` for columns, `[K, H, W]` for pictures of K channels.
  public var featureShape: Shape { isTabular ? [width] : encoders[0].featureShape }
  /// The features that are codes, by their positions, with the number of codes of each.
  public var codeFeatures: [CodeFeature] {
    var position = 0
    return encoders.compactMap { encoder in
      defer { position += encoder.width }
      return encoder.codeCount.map { CodeFeature(position: position, count: $0) }
    }
  }
  /// The columns that are read.
  public var columnNames: [String] { inputs.map(\.name) }
  /// The input with a name, or `nil`.
  public func input(named name: String) -> InputSchema? { positions[name].map { inputs[$0] } }
  /// Whether every input is a cell, so that rows are rows of a table. Otherwise a row is one picture.
  public var isTabular: Bool { inputs.allSatisfy(\.isCell) }
  /// Whether every column holds numbers, so that a row is a list of numbers.
  public var isNumeric: Bool { inputs.allSatisfy { $0.isCell && $0.form == .number } }
  /// The types by which columns are read for the model.
  public var columnTypes: [String: ColumnType] {
    Dictionary(
      inputs.compactMap { input in input.readingType.map { (input.name, $0) } }, uniquingKeysWith: { first, _ in first }
    )
  }
  /// The number of values that a row is given as.
  public var valueCount: Int { inputs.reduce(0) { $0 + $1.rowShape.elementCount } }

  // MARK: Preparing rows

  /// A reader for a table with the pipeline's columns, and perhaps others.
  ///
  /// - Throws: ``DataError`` if a column is absent or of another type.
  public func reader(of table: Table) throws -> FeatureReader { try FeatureReader(self, table) }

  /// Refuses a number that is too far from the training data for an answer to mean anything.
  ///
  /// - Parameters:
  ///   - rows: Which rows of the table; all where they are not given.
  ///   - firstRow: The number of the table's first row, for the message.
  /// - Throws: ``DataError`` with the number, its row and its column.
  package func checkBounds(of table: Table, rows: [Int32]? = nil, firstRow: Int) throws {
    let rows = rows ?? table.allRows
    for input in inputs {
      guard let bounds = input.bounds, let numbers = table[input.name]?.numbers else { continue }
      let values = numbers.gathered(rows[...])
      guard let found = values.firstIndex(where: { $0 < bounds.lowerBound || $0 > bounds.upperBound }) else { continue }
      throw DataError(input.refusal(of: values[found], row: firstRow + Int(rows[found])) ?? "")
    }
  }

  /// Prepares the rows of a table.
  ///
  /// - Parameters:
  ///   - table: A table with the pipeline's columns, and perhaps others.
  ///   - rows: Which rows; by default all. Nothing of the table is copied for them.
  /// - Returns: The features, and the number of cells with a category that the training rows did not have: zeros.
  /// - Throws: ``DataError`` if a column is absent or of another type.
  public func transform(_ table: Table, rows: [Int32]? = nil) throws -> (features: FeatureMatrix, unseenCount: Int) {
    try reader(of: table).features(rows ?? table.allRows)
  }
}

/// A feature that is a code and not a quantity.
public struct CodeFeature: Sendable, Equatable {
  /// The feature's place in a row.
  public let position: Int
  /// The number of codes, from 0 on.
  public let count: Int
}

extension Pipeline: Equatable {
  /// Pipelines are equal if their JSON is.
  public static func == (a: Pipeline, b: Pipeline) -> Bool { a.json == b.json }
}

extension Pipeline {
  /// The encoders as they stand in the part `pipeline` of model.json.
  public var json: JSONValue { .array(encoders.map { Encoders.json($0) }) }

  /// Reads what ``json`` wrote.
  ///
  /// - Throws: ``DataError`` for anything that no fit can have produced.
  public init(json: JSONValue) throws {
    guard let list = json.array, !list.isEmpty, list.count <= 1 << 20 else {
      throw DataError("The pipeline must be a list with at least one column.")
    }
    try self.init(encoders: try list.map { try Encoders.read($0) })
  }
}
