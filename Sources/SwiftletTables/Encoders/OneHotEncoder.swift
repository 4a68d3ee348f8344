// SPDX-License-Identifier: Apache-2.0
//
// Categories: a feature of zeros and ones for each.
//
// Before    OneHotCost.swift     After    BooleanEncoder.swift

import SwiftletFormats
import SwiftletTensors

/// One feature for each category of the training rows: 1 for the row's own, 0 for the others.
///
/// A category that was not in the training rows reads as zeros.
public struct OneHotEncoder: ColumnEncoder {
  public static let encoding = "one_hot"
  public static let type = ColumnType.category
  public static let help = "a feature for each category, 1 for the row's own and 0 for the others"

  /// The category of missing values.
  private static let missingCategory = "missing"

  public let name: String
  private let categories: [String]
  /// The category that a missing value reads as, if there is one.
  private let fill: String?

  public var featureShape: Shape { [categories.count] }
  public var featureNames: [String] { categories.map { "\(name)=\($0)" } }

  // MARK: Fitting

  public static func fit(_ column: Column, rows: [Int32], _ options: PipelineOptions) -> Fitted {
    let name = column.name
    let known = column.categories ?? []
    var counts = Array(repeating: 0, count: known.count)
    var missingCount = 0
    let codes = column.codes ?? []
    for row in rows {
      let code = Int(codes[Int(row)])
      if code < 0 { missingCount += 1 } else { counts[code] += 1 }
    }
    guard let largest = counts.max(), largest > 0 else {
      return .leftOut("\"\(name)\" has no value in the training rows and was left out.")
    }
    var kept = known.indices.filter { counts[$0] >= max(1, options.minimumCount) }.map { known[$0] }
    var fill: String?
    switch options.categoricalImpute {
    case .mostFrequent: fill = counts.firstIndex(of: largest).map { known[$0] }
    case .missing:
      if missingCount > 0, !kept.contains(missingCategory) { kept.append(missingCategory) }
      if missingCount > 0 { fill = missingCategory }
    }
    guard kept.count > 1 else {
      return .leftOut("\"\(name)\" has one category in the training rows and was left out.")
    }
    let cost = OneHotCost(counts, rowCount: rows.count)
    guard cost.isWithinLimit(kept.count) else {
      return .refused(cost.refusal(of: name, kept.count))
    }
    return .encoder(OneHotEncoder(name: name, categories: kept, fill: fill))
  }

  private init(name: String, categories: [String], fill: String?) {
    self.name = name
    self.categories = categories
    self.fill = fill
  }

  // MARK: Bundle

  public init(name: String, json: JSONValue) throws {
    guard let categories = json["categories"]?.strings, !categories.isEmpty,
      Set(categories).count == categories.count
    else { throw Self.wrong(name, "a list of distinct categories") }
    if let fill = json["fill"] {
      guard let text = fill.string, categories.contains(text) else {
        throw Self.wrong(name, "one of its categories as fill")
      }
    }
    self.init(name: name, categories: categories, fill: json["fill"]?.string)
  }

  public var members: [JSONValue.Member] {
    [.init("categories", JSONValue(categories))] + (fill.map { [.init("fill", .string($0))] } ?? [])
  }

  // MARK: Values

  public var schema: InputSchema {
    InputSchema(
      name: name, type: Self.type, form: .word, words: categories, fill: fill.map { .string($0) } ?? .null,
      typical: .string(categories.first ?? ""),
      meaning: "One of the categories of the training rows; any other reads as none of them.")
  }

  public func writer(for column: Column, stride: Int) throws -> FeatureWriter {
    let positions = Dictionary(uniqueKeysWithValues: categories.enumerated().map { ($1, $0) })
    guard let (codes, words) = column.words else { throw mismatch(column) }
    // The position of each of the column's own categories among those of training.
    let own = words.map { positions[$0] }
    let filled = fill.flatMap { positions[$0] }
    let width = categories.count
    return { rows, target in
      var unseen = 0
      for (i, row) in rows.enumerated() {
        let code = codes[Int(row)]
        for category in 0..<width { target[i * stride + category] = 0 }
        if let position = code < 0 ? filled : own[Int(code)] {
          target[i * stride + position] = 1
        } else {
          unseen += 1
        }
      }
      return unseen
    }
  }
}
