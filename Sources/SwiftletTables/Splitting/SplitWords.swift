// SPDX-License-Identifier: Apache-2.0
//
// SplitWords: the words for the parts of a split.
//
// Before    Folds.swift     After    TimeSplit.swift

import SwiftletFormats

extension Split {
  /// The part that a word of a column names: `val`, `Validation`, ` TEST `; `nil` for any other word.
  public init?(word: String) {
    switch word.trimmingSpaces().lowercased() {
    case "train", "training": self = .train
    case "validation", "validate", "valid", "val", "dev", "development": self = .validation
    case "test", "testing": self = .test
    default: return nil
    }
  }
}

extension Column {
  /// The part that the column names for a row.
  package func split(at row: Int) -> Split? { text(at: row).flatMap(Split.init(word:)) }

  /// Whether the column names the split of its rows, training among them, and so carries no other information.
  package var namesSplits: Bool {
    guard let codes, let categories else { return false }
    let used = Set(codes).filter { $0 >= 0 }
    let parts = used.map { Split(word: categories[Int($0)]) }
    return !parts.contains(nil) && parts.contains(.train) && Set(parts).count > 1
  }
}
