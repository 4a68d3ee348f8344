// SPDX-License-Identifier: Apache-2.0
//
// Pipeline: from a table to the numbers that a network learns from.
//
// It is fitted on the training rows alone, because a mean that has seen the test rows has told the network
// something about them; and it travels inside the model's bundle, so that a row is prepared in the same
// way when the model is trained, tested and asked.
//
// Shapes    N rows, D features
// Before    FeatureTransform.swift     After    NumericRows.swift

import SwiftletFormats
import SwiftletTensors

/// The transforms of all feature columns, in the order of the columns.
public struct Pipeline: Sendable, Equatable {
  public let transforms: [FeatureTransform]

  init(transforms: [FeatureTransform]) { self.transforms = transforms }

  /// Learns the transforms from training rows.
  ///
  /// - Parameters:
  ///   - table: The training rows, with the feature columns only.
  /// - Returns: The pipeline, and a warning for every column that was left out.
  /// - Throws: ``DataError`` where no column is left.
  public static func fit(_ table: Table, _ options: PipelineOptions = PipelineOptions()) throws -> (
    Pipeline, warnings: [String]
  ) {
    let fitted = try table.columns.map { try FeatureTransform.fit($0, options) }
    let transforms = fitted.compactMap(\.transform)
    guard !transforms.isEmpty else {
      throw DataError("No feature is left to learn from. " + fitted.compactMap(\.warning).joined(separator: " "))
    }
    guard transforms.count == 1 || !transforms.contains(where: { $0.type == .image }) else {
      throw DataError("A model learns from images or from columns, not from both: set `features: {include: [image]}`.")
    }
    return (Pipeline(transforms: transforms), fitted.compactMap(\.warning))
  }

  /// How many numbers a row becomes.
  public var width: Int { transforms.reduce(0) { $0 + $1.width } }
  /// Their names.
  public var featureNames: [String] { transforms.flatMap(\.featureNames) }
  /// The columns that are read.
  public var columnNames: [String] { transforms.map(\.name) }
  /// Whether every column holds numbers, so that a row is a list of numbers.
  public var isNumeric: Bool { transforms.allSatisfy { $0.type == .number } }

  /// Prepares the rows of a table.
  ///
  /// - Returns: The features, and how many cells held a category that the training rows did not have: these become zeros.
  /// - Throws: ``DataError`` where a column is absent or of another type.
  public func transform(_ table: Table) throws -> (features: FeatureMatrix, unseenCount: Int) {
    let columns = try transforms.map { try table.column($0.name, for: "a feature of the model") }
    if case .image(let height, let width, let scale) = transforms[0].kind {
      guard case .images(let images) = columns[0].values, images.height == height, images.width == width else {
        throw DataError("The model needs images of \(height) by \(width) pixels.")
      }
      return (.images(images, scale: scale), 0)
    }
    let (n, d) = (table.rowCount, width)
    guard Shape.elementCount(of: [n, d]) != nil else {
      throw DataError("\(n) rows of \(d) features are more than a tensor holds.")
    }
    var unseen = 0
    let features = try Tensor(uninitialized: [n, d]) { target in
      var start = 0
      for (transform, column) in zip(transforms, columns) {
        unseen += try transform.write(column, to: target, start: start, stride: d)
        start += transform.width
      }
    }
    return (.dense(features), unseen)
  }
}

extension FeatureTransform {
  /// Writes a column's numbers into the rows of a matrix, and counts unseen categories.
  func write(_ column: Column, to target: UnsafeMutableBufferPointer<Float>, start: Int, stride: Int) throws -> Int {
    var unseen = 0
    switch (kind, column.values) {
    case (.number(let fill, let offset, let factor), .numbers(let numbers)):
      for (row, value) in numbers.enumerated() {
        target[row * stride + start] = Float(((value.isNaN ? fill : value) - offset) * factor)
      }
    case (.category(let categories, let fill), let values):
      let positions = Dictionary(uniqueKeysWithValues: categories.enumerated().map { ($1, $0) })
      // The position of each of the column's own categories among those of training.
      let codes: [Int32]
      let own: [Int?]
      switch values {
      case .codes(let theirs, let names): (codes, own) = (theirs, names.map { positions[$0] })
      case .numbers(let numbers):  // a category written as numbers, such as 1, 2, 3
        let names = Array(Set(numbers.filter { !$0.isNaN })).sorted()
        let order = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
        (codes, own) = (numbers.map { order[$0] ?? -1 }, names.map { positions[JSONValue.spelling(of: $0)] })
      case .images: throw mismatch(column)
      }
      let filled = fill.flatMap { positions[$0] }
      for (row, code) in codes.enumerated() {
        let rowStart = row * stride + start
        for i in 0..<categories.count { target[rowStart + i] = 0 }
        if let position = code < 0 ? filled : own[Int(code)] { target[rowStart + position] = 1 } else { unseen += 1 }
      }
    case (.boolean(let spellings, let fill), .codes(let codes, let names)):
      let truth = names.map { name in spellings.firstIndex { $0.lowercased() == name.lowercased() } }
      for (row, code) in codes.enumerated() {
        let value = code < 0 ? fill : truth[Int(code)]
        if value == nil { unseen += 1 }
        target[row * stride + start] = Float(value ?? fill)
      }
    case (.boolean(_, let fill), .numbers(let numbers)):
      for (row, value) in numbers.enumerated() {
        if !value.isNaN, value != 0, value != 1 { unseen += 1 }
        target[row * stride + start] = value.isNaN ? Float(fill) : value != 0 ? 1 : 0
      }
    case (.number(let fill, let offset, let factor), .codes(let codes, _)) where codes.allSatisfy({ $0 < 0 }):
      for row in codes.indices { target[row * stride + start] = Float((fill - offset) * factor) }
    default: throw mismatch(column)
    }
    return unseen
  }

  private func mismatch(_ column: Column) -> DataError {
    DataError(
      "The column \"\(column.name)\" is \(column.type.rawValue), and the model was trained with \(type.rawValue) there."
    )
  }
}
