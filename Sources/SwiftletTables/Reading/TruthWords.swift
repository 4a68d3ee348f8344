// SPDX-License-Identifier: Apache-2.0
//
// TruthWords: the spellings of false and true.
//
// Before    Cell.swift     After    ColumnEvidence.swift

import SwiftletFormats

/// The words for false and for true.
package enum TruthWords {
  /// In lower case. 0 and 1 are numbers unless the type is given.
  package static let pairs = [
    ["false", "true"], ["no", "yes"], ["f", "t"], ["n", "y"], ["0", "1"], ["0.0", "1.0"],
  ]

  /// 0 for a word that means false and 1 for one that means true, in any case; `nil` for another word.
  static func value(of word: String) -> Int? {
    let word = word.lowercased()
    return pairs.lazy.compactMap { $0.firstIndex(of: word) }.first
  }

  /// Whether the words are spellings of one pair, with both of its meanings among them; or of several such pairs, as
  /// where two files were put together. 0 and 1 alone are numbers.
  static func areTruthValues(_ words: [String]) -> Bool {
    let words = Set(words.map { $0.lowercased() })
    let seen = pairs.filter { !words.isDisjoint(with: $0) }
    guard seen.joined().allSatisfy(words.contains), words.isSubset(of: seen.joined()) else {
      return false
    }
    return seen.contains { !pairs.suffix(2).contains($0) }
  }

  /// The spellings of false and true in a column of truth values: those that are most frequent.
  ///
  /// - Parameters:
  ///   - words: All of them truth values.
  ///   - counts: Number of times each word occurs in the column.
  static func spellings(among words: [String], counts: [Int]) -> [String] {
    let order = words.indices.sorted { (counts[$0], $1) > (counts[$1], $0) }
    let pair = order.first.flatMap { first in pairs.first { $0.contains(words[first].lowercased()) } } ?? pairs[0]
    return (0...1).map { value in order.first { words[$0].lowercased() == pair[value] }.map { words[$0] } ?? pair[value]
    }
  }
}
