// SPDX-License-Identifier: Apache-2.0
//
// ColumnEncoder: how one column becomes numbers that a network can learn from.
//
// Each kind of encoder is one file beside this one, and `Encoders.all` names them. Nothing outside this folder asks
// which kind it has: the rest reads the column's `InputSchema`.
//
// Shapes    N rows, D features of the whole pipeline
// Before    InputSchema.swift     After    Encoders.swift

import SwiftletFormats
import SwiftletTensors

/// Turns the values of one column into features, by what was learned from the training rows.
///
/// Features are 32-bit numbers. Codes, such as the row of an embedding, travel as numbers too: every whole number up to
/// 2²⁴ is exact.
public protocol ColumnEncoder: Sendable {
  /// What the encoder is called: `encode` in a recipe and in a bundle.
  static var encoding: String { get }
  /// The type of the columns that it takes.
  static var type: ColumnType { get }
  /// What it makes of a cell, in the few words that the page of settings has room for; empty if it is not chosen there.
  static var help: String { get }

  /// Learns from a column's training rows.
  static func fit(_ column: Column, rows: [Int32], _ options: PipelineOptions) -> Fitted

  /// Reads what ``members`` wrote.
  ///
  /// - Throws: ``DataError`` for anything that no fit can have produced.
  init(name: String, json: JSONValue) throws
  /// What was learned, as it stands in a bundle.
  var members: [JSONValue.Member] { get }

  /// The column's name.
  var name: String { get }
  /// The shape of one row's features: `[1]` for a number, `[C]` for C categories, `[1, H, W]` for a picture.
  var featureShape: Shape { get }
  /// The names of these features, such as `age`, or `sex=male` for one category of several.
  var featureNames: [String] { get }
  /// The column as its senders see it.
  var schema: InputSchema { get }
  /// The number of codes, if its one feature is a code from 0 on and not a quantity: the rows of a table to learn.
  var codeCount: Int? { get }
  /// The arithmetic, if the encoder is (x − offset) · factor and nothing else.
  var affine: Affine? { get }

  /// How the rows of a column are written.
  ///
  /// - Parameters:
  ///   - column: The values.
  ///   - stride: D, from a row's feature to the next row's.
  /// - Throws: ``DataError`` if the column is of another type than in training.
  func writer(for column: Column, stride: Int) throws -> FeatureWriter

  /// The features of some rows as a matrix that the encoder lays out itself, for one that stands alone in its pipeline.
  ///
  /// - Throws: ``DataError`` if the column is of another type or size than in training.
  func matrix(of column: Column) throws -> ((_ rows: [Int32]) -> FeatureMatrix)?

  /// How rows of bare numbers are prepared, for an encoder that stands alone in its pipeline.
  var bareRowWriter: BareRowWriter? { get }
}

/// Writes the features of some rows, D apart, from the first row's on. Returns the number of unseen categories.
public typealias FeatureWriter = (_ rows: ArraySlice<Int32>, _ target: UnsafeMutablePointer<Float>) -> Int

/// Writes the features of whole rows of numbers, for which there is room.
public typealias BareRowWriter =
  @Sendable (_ rows: UnsafeBufferPointer<Double>, _ target: UnsafeMutableBufferPointer<Float>) -> Void

/// The outcome for a column when a pipeline is fitted.
public enum Fitted: Sendable {
  /// It is encoded.
  case encoder(any ColumnEncoder)
  /// It is left out, for the reason in the sentence.
  case leftOut(String)
  /// Its features would take too much memory; the sentence says how much, and what to do.
  case refused(String)
}

extension ColumnEncoder {
  public static var help: String { "" }
  /// The number of features.
  public var width: Int { featureShape.elementCount }
  public var codeCount: Int? { nil }
  public var affine: Affine? { nil }
  public var bareRowWriter: BareRowWriter? { nil }
  public func matrix(of column: Column) throws -> ((_ rows: [Int32]) -> FeatureMatrix)? { nil }

  /// The error for a column that a bundle describes wrongly.
  static func wrong(_ name: String, _ what: String) -> DataError {
    DataError("The column \"\(name)\" of the pipeline needs \(what).")
  }

  /// The error for a column of another type than in training.
  func mismatch(_ column: Column) -> DataError {
    DataError(
      "The column \"\(name)\" is \(column.type.rawValue), and the model was trained with \(Self.type.rawValue) there.")
  }
}
