// SPDX-License-Identifier: Apache-2.0
//
// ColumnEvidence: observations about the type of a column, and about its missing values.
//
// Before    TruthWords.swift     After    WordInference.swift

import SwiftletFormats

/// Observations made while a column was read.
public struct ColumnEvidence: Sendable, Equatable {
  /// The spellings of missing values with the number of cells that hold each, the most frequent first.
  public internal(set) var missing: [(spelling: String, count: Int)] = []
  /// A sentence with its remedy, if nearly all cells are of one type and some are not, or if two readings are possible.
  public var doubt: String? { doubts?.ofFeature }
  /// The same sentence for a column that is predicted, which cannot be left out.
  package var targetDoubt: String? { doubts?.ofTarget }
  var doubts: Doubt?
  /// A sentence about cells that were not read literally.
  public internal(set) var note: String?
  /// A sentence with its remedy about words that may mean the same and count as different.
  public internal(set) var warning: String?

  /// No observations.
  public init() {}

  public static func == (a: ColumnEvidence, b: ColumnEvidence) -> Bool {
    a.doubt == b.doubt && a.note == b.note && a.warning == b.warning
      && a.missing.elementsEqual(b.missing) { $0.spelling == $1.spelling && $0.count == $1.count }
  }
}

/// Why a column is not read as it looks, and what to do.
struct Doubt: Equatable {
  let ofFeature: String
  let ofTarget: String

  /// A sentence that has its remedies.
  init(_ sentence: String) {
    ofFeature = sentence
    ofTarget = sentence
  }

  /// What can always be done with a feature.
  static func leavingOut(_ name: String) -> String {
    "leave the column out with " + setFlag("features.exclude", [.string(name)])
  }

  /// A sentence without its end, and what remains to be done with a feature.
  init(_ beginning: String, remedies: String) {
    ofFeature = beginning + remedies + "."
    ofTarget = beginning + "."
  }
}

/// The distinct words of a column, with counts and places.
struct WordCounts {
  let name: String
  /// Without spaces around them.
  let words: [String]
  /// The number of cells that hold each.
  let counts: [Int]
  /// The place where each occurs first.
  let places: [Int]
  /// The unit in which the places count: `line` or `row`.
  let placeNoun: String

  /// The number of cells that are not missing.
  var total: Int { counts.reduce(0, +) }

  /// The first three of some words, with their places: `line 502 holds "unknown"`.
  func shown(_ odd: [Int]) -> String {
    let first = odd.sorted { places[$0] < places[$1] }.prefix(3)
    return first.map { "\(placeNoun) \(places[$0]) holds \(quoted(words[$0]))" }.joined(separator: ", ")
  }

  /// The sentence about a column of which nearly all cells are of one type.
  ///
  /// - Parameters:
  ///   - noun: What nearly all cells are.
  ///   - odd: The words that are not.
  ///   - canBeCategories: Whether the column may be meant as categories.
  func doubt(_ noun: String, odd: [Int], canBeCategories: Bool) -> Doubt {
    let oddCount = odd.reduce(0) { $0 + counts[$1] }
    let list = setFlag("source.missing", JSONValue(odd.sorted { places[$0] < places[$1] }.prefix(3).map { words[$0] }))
    let categories = canBeCategories ? ", read all as categories with " + setFlag("columns.\(name)", "category") : ""
    return Doubt(
      "\(total - oddCount) of \(total) cells of \"\(name)\" are \(noun), and \(oddCount) "
        + "\(oddCount == 1 ? "is" : "are") not: \(shown(odd)). Correct the file, or say what to do: take "
        + "\(odd.count == 1 ? "this" : "such texts") for missing with \(list)\(categories)",
      remedies: remedies)
  }

  /// The remedies for a column that is a feature.
  var remedies: String { ", or " + Doubt.leavingOut(name) }
}
