// SPDX-License-Identifier: Apache-2.0
//
// TruthWords: what false and true are spelled like.
//
// Before    Cell.swift     After    ColumnBuilder.swift

import SwiftletFormats

/// The words for false and for true.
enum TruthWords {
  /// In lower case. 0 and 1 are numbers unless the type is given.
  private static let pairs = [["false", "true"], ["no", "yes"], ["f", "t"], ["n", "y"], ["0", "1"]]

  /// Whether at most one spelling of false and one of true, of the same pair, are among some words.
  static func areTruthValues(_ words: [String]) -> Bool {
    let lowered = words.map { $0.lowercased() }
    return Set(lowered).count == lowered.count && pairs.contains { pair in lowered.allSatisfy { pair.contains($0) } }
  }

  /// The spellings of false and true in a column, where its words are those and no others.
  ///
  /// - Parameter isGiven: Whether the column is said to be boolean. It may then hold only one of the two, or numbers: a
  ///   few new rows are boolean all the same.
  static func spellings(among words: [String], isGiven: Bool) -> [String]? {
    guard isGiven || words.count == 2, areTruthValues(words) else { return nil }
    let pair = pairs.first { pair in words.allSatisfy { pair.contains($0.lowercased()) } }
    guard let pair, isGiven || pair != ["0", "1"] else { return nil }
    return pair.map { word in words.first { $0.lowercased() == word } ?? word }
  }

  /// 0 for the first of two spellings and 1 for the second, in upper or lower case; `nil` for another word.
  static func value(of word: String, in spellings: [String]) -> Int? {
    spellings.firstIndex { $0.lowercased() == word.lowercased() }
  }
}
