// SPDX-License-Identifier: Apache-2.0
//
// The categories of the training rows: what every encoder of categories knows.
//
// Before    OneHotCost.swift     After    OneHotEncoder.swift

import SwiftletFormats

/// The categories that a column had in training, and the one that a missing value reads as.
struct KnownCategories: Sendable {
  /// The column's name.
  let name: String
  /// The categories, in the order of their features or codes.
  let words: [String]
  /// The category that a missing value reads as, if there is one.
  private let fill: String?

  /// The category of missing values.
  private static let missing = "missing"

  /// What a column's training rows gave.
  enum Learned {
    /// Categories, and the number of training rows of each word of the column.
    case known(KnownCategories, counts: [Int])
    /// Too few of them to learn from, for the reason in the sentence.
    case leftOut(String)
  }

  /// Learns the categories that enough training rows have.
  static func learn(_ column: Column, rows: [Int32], _ options: PipelineOptions) -> Learned {
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
      if missingCount > 0, !kept.contains(missing) { kept.append(missing) }
      if missingCount > 0 { fill = missing }
    }
    guard kept.count > 1 else {
      return .leftOut("\"\(name)\" has one category in the training rows and was left out.")
    }
    return .known(KnownCategories(name: name, words: kept, fill: fill), counts: counts)
  }

  private init(name: String, words: [String], fill: String?) {
    self.name = name
    self.words = words
    self.fill = fill
  }

  /// Reads what ``members`` wrote.
  ///
  /// - Throws: ``DataError`` for a list that no fit can have produced.
  init(name: String, json: JSONValue) throws {
    func wrong(_ what: String) -> DataError { DataError("The column \"\(name)\" of the pipeline needs \(what).") }
    guard let words = json["categories"]?.strings, !words.isEmpty, Set(words).count == words.count else {
      throw wrong("a list of distinct categories")
    }
    if let fill = json["fill"] {
      guard let text = fill.string, words.contains(text) else { throw wrong("one of its categories as fill") }
    }
    self.init(name: name, words: words, fill: json["fill"]?.string)
  }

  /// The number of training rows of each category, from those of each word of the column.
  func counts(_ counts: [Int], of column: Column, rowCount: Int) -> [Int] {
    let byWord = Dictionary(uniqueKeysWithValues: zip(column.categories ?? [], counts))
    let missingCount = rowCount - counts.reduce(0, +)
    return words.map { (byWord[$0] ?? 0) + ($0 == fill ? missingCount : 0) }
  }

  /// The categories as a bundle holds them.
  var members: [JSONValue.Member] {
    [.init("categories", JSONValue(words))] + (fill.map { [.init("fill", .string($0))] } ?? [])
  }

  /// The column as its senders see it.
  var schema: InputSchema {
    InputSchema(
      name: name, type: .category, form: .word, words: words, fill: fill.map { .string($0) } ?? .null,
      typical: .string(words.first ?? ""),
      meaning: "One of the categories of the training rows; any other reads as none of them.")
  }

  /// A function from a row of a column to the position of its category; `nil` for one that training did not know.
  ///
  /// - Returns: `nil` for a column without words.
  func positions(in column: Column) -> ((_ row: Int32) -> Int?)? {
    guard let (codes, own) = column.words else { return nil }
    let known = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, $0) })
    let positions = own.map { known[$0] }
    let filled = fill.flatMap { known[$0] }
    return { row in
      let code = codes[Int(row)]
      return code < 0 ? filled : positions[Int(code)]
    }
  }
}
