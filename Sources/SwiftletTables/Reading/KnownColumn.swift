// SPDX-License-Identifier: Apache-2.0
//
// KnownColumn: a column of a model, whose new values are read as those of training were.
//
// Before    PictureReading.swift     After    MissingSpellings.swift

import SwiftletFormats

/// A column of a model.
struct KnownColumn: Sendable {
  /// How its numbers were written.
  var style = NumberStyle()
  /// Whether its numbers went from 0 to 1, so that requests may write true and false.
  var isZeroOrOne = false
  /// The words of the training rows; for truth values the word for false, then that for true.
  private let words: Set<String>
  private let truthWords: [String]?
  /// The words by what they mean.
  private let byMeaning: [String: String]
  private let ignoresCase: Bool

  /// A column by the schema of an input.
  init(_ input: InputSchema, ignoresCase: Bool) {
    self.init(words: input.words, ignoresCase: ignoresCase)
    style = input.style
    isZeroOrOne = input.form == .number && input.profile.map { $0.minimum == 0 && $0.maximum == 1 } ?? false
  }

  /// A column of words: labels, categories, or two truth values.
  init(words: [String], ignoresCase: Bool) {
    truthWords =
      TruthWords.areTruthValues(words)
      ? words.sorted { TruthWords.value(of: $0) ?? 0 < TruthWords.value(of: $1) ?? 0 } : nil
    self.words = Set(words)
    self.ignoresCase = ignoresCase
    let meanings = words.map { (meaning(of: $0, ignoringCase: ignoresCase), $0) }
    byMeaning = Dictionary(meanings, uniquingKeysWith: { first, _ in first })
  }

  /// The word of training with the same meaning, or the word itself.
  func word(for word: String) -> String {
    if words.contains(word) { return word }
    if let truthWords { return TruthWords.value(of: word).map { truthWords[$0] } ?? word }
    if let known = byMeaning[meaning(of: word, ignoringCase: ignoresCase)] { return known }
    // JSON and databases spell truth values in their own way.
    guard word == "true" || word == "false" else { return word }
    let sameWords = words.filter { $0.lowercased() == word }
    return sameWords.count == 1 ? sameWords.first ?? word : word
  }
}

/// The meaning of a word, independent of its spelling: 2.0 is 2.
func meaning(of word: String, ignoringCase: Bool) -> String {
  let meaning = wholeNumber(word) ?? word
  return ignoringCase ? meaning.lowercased() : meaning
}

/// The digits of a whole number that is written with a point and zeros: 2 for 2.0; `nil` for anything else.
private func wholeNumber(_ word: String) -> String? {
  guard let point = word.utf8.firstIndex(of: UInt8(ascii: ".")), !hasLeadingZero(word) else { return nil }
  let digits = word.utf8[..<point].drop { $0 == UInt8(ascii: "-") }
  let zeros = word.utf8[word.utf8.index(after: point)...]
  guard !digits.isEmpty, !zeros.isEmpty, digits.allSatisfy({ $0 &- 48 < 10 }),
    zeros.allSatisfy({ $0 == UInt8(ascii: "0") })
  else { return nil }
  return String(word[..<point])
}
