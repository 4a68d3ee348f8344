// SPDX-License-Identifier: Apache-2.0
//
// Categories: a feature of zeros and ones for each.
//
// Before    KnownCategories.swift     After    BooleanEncoder.swift

import SwiftletFormats
import SwiftletTensors

/// One feature for each category of the training rows: 1 for the row's own, 0 for the others.
///
/// A category that was not in the training rows reads as zeros.
public struct OneHotEncoder: ColumnEncoder {
  public static let encoding = "one_hot"
  public static let type = ColumnType.category
  public static let help = "a feature for each category, 1 for the row's own and 0 for the others"

  private let known: KnownCategories

  public var name: String { known.name }
  public var featureShape: Shape { [known.words.count] }
  public var featureNames: [String] { known.words.map { "\(name)=\($0)" } }

  public static func fit(_ column: Column, rows: [Int32], _ options: PipelineOptions) -> Fitted {
    switch KnownCategories.learn(column, rows: rows, options) {
    case .leftOut(let reason): return .leftOut(reason)
    case .known(let known, let counts):
      let cost = OneHotCost(counts, rowCount: rows.count)
      guard cost.isWithinLimit(known.words.count) else {
        return .refused(cost.refusal(of: column.name, known.words.count))
      }
      return .encoder(OneHotEncoder(known: known))
    }
  }

  private init(known: KnownCategories) { self.known = known }

  public init(name: String, json: JSONValue) throws { known = try KnownCategories(name: name, json: json) }

  public var members: [JSONValue.Member] { known.members }
  public var schema: InputSchema { known.schema }

  public func writer(for column: Column, stride: Int) throws -> FeatureWriter {
    guard let position = known.positions(in: column) else { throw mismatch(column) }
    let width = known.words.count
    return { rows, target in
      var unseen = 0
      for (i, row) in rows.enumerated() {
        for category in 0..<width { target[i * stride + category] = 0 }
        if let position = position(row) {
          target[i * stride + position] = 1
        } else {
          unseen += 1
        }
      }
      return unseen
    }
  }
}
