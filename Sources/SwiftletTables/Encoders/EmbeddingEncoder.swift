// SPDX-License-Identifier: Apache-2.0
//
// Categories: a code for each, by which a network looks up what it has learned of it.
//
// One-hot needs a feature for every category, and learns of each from its own rows alone. Of many categories a network
// learns a short row of numbers each instead, and similar ones come to lie close together.
//
// Before    Datasets/DescriptionReader.swift     After    -
// Source    Guo, Berkhahn, "Entity Embeddings of Categorical Variables" (2016), arXiv:1604.06737

import SwiftletFormats
import SwiftletTensors

/// One feature, the code of the row's category: from 1 on, and 0 for a category that training did not know.
///
/// A category that too few training rows have is 0 too, so that a network learns what to make of a strange one.
public struct EmbeddingEncoder: ColumnEncoder {
  public static let encoding = "embedding"
  public static let type = ColumnType.category
  public static let help =
    "a row of numbers for each category, learned with the network, for columns of many categories"

  private let known: KnownCategories
  /// The number of training rows of each category; empty if an older bundle did not write them.
  private let counts: [Int]

  public var name: String { known.name }
  public var featureShape: Shape { [1] }
  public var featureNames: [String] { [name] }
  public var codeCount: Int? { known.words.count + 1 }

  public static func fit(_ column: Column, rows: [Int32], _ options: PipelineOptions) -> Fitted {
    switch KnownCategories.learn(column, rows: rows, options) {
    case .leftOut(let reason): .leftOut(reason)
    case .known(let known, let counts):
      .encoder(EmbeddingEncoder(known: known, counts: known.counts(counts, of: column, rowCount: rows.count)))
    }
  }

  private init(known: KnownCategories, counts: [Int]) {
    self.known = known
    self.counts = counts
  }

  public init(name: String, json: JSONValue) throws {
    known = try KnownCategories(name: name, json: json)
    let counts = json["counts"]?.array ?? []
    self.counts = counts.compactMap(\.integer).filter { $0 >= 0 }
    guard json["counts"] == nil || (counts.count == known.words.count && self.counts.count == counts.count) else {
      throw Self.wrong(name, "a count for each of its categories, whole numbers from 0")
    }
  }

  public var members: [JSONValue.Member] {
    known.members + (counts.isEmpty ? [] : [.init("counts", .array(counts.map { JSONValue($0) }))])
  }

  public var schema: InputSchema {
    var schema = known.schema
    schema.counts = counts
    return schema
  }

  public func writer(for column: Column, stride: Int) throws -> FeatureWriter {
    guard let position = known.positions(in: column) else { throw mismatch(column) }
    return { rows, target in
      var unseen = 0
      for (i, row) in rows.enumerated() {
        let position = position(row)
        if position == nil { unseen += 1 }
        target[i * stride] = Float((position ?? -1) + 1)
      }
      return unseen
    }
  }
}
