// SPDX-License-Identifier: Apache-2.0
//
// CodeLookup: layers that take codes of categories, so that a pipeline can be compared with them.
//
// A code beyond a table counts as the nearest. In a file whose columns have more categories than the table has rows, the
// last row would answer for all of them, so such a file is refused.
//
// Before    Sequential.swift     After    ScoreScale.swift

/// A layer in front of a network that looks up what was learned of codes.
package protocol CodeLookup: Layer {
  /// The features that it takes for codes, by their positions in a row, with the number of rows of the table of each.
  var codeCounts: [Int: Int] { get }
}

extension EmbedColumns: CodeLookup {
  package var codeCounts: [Int: Int] {
    Dictionary(uniqueKeysWithValues: zip(positions, tables.map { $0.shape[0] }))
  }
}

extension Factors: CodeLookup {
  package var codeCounts: [Int: Int] { [0: users.shape[0], 1: items.shape[0]] }
}

extension Sequential {
  /// The codes that its first layer looks up; `nil` if it looks up none.
  package var codeCounts: [Int: Int]? {
    guard let first = layers.first else { return nil }
    return (first as? any CodeLookup)?.codeCounts ?? (first as? Sequential)?.codeCounts
  }
}
