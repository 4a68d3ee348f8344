// SPDX-License-Identifier: Apache-2.0
//
// Spellings: the bytes that one text can have.
//
// An é is one character to a reader and to a table, whether it is written as one code point or as an e with an accent behind it.
// Most formats compare bytes, so an export lists both forms of a category.
//
// Before    ModelFormat.swift     After    FreeNames.swift
// Source    Unicode Standard Annex 15, "Unicode Normalization Forms", NFC and NFD

import Foundation

/// The forms of a text that are equal to it.
enum Spellings {
  /// The text as it is, composed (NFC) and decomposed (NFD), each once.
  static func all(of text: String) -> [String] {
    var seen: Set<[UInt8]> = []
    return [text, text.precomposedStringWithCanonicalMapping, text.decomposedStringWithCanonicalMapping].filter {
      seen.insert(Array($0.utf8)).inserted
    }
  }
}
