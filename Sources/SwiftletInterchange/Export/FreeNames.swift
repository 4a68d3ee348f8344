// SPDX-License-Identifier: Apache-2.0
//
// FreeNames: names that do not meet each other.
//
// A column may be called whatever its file calls it, `label` and `prediction` included. Every name that an export makes
// is asked for here, after those of the columns.
//
// Before    Spellings.swift     After    GraphWriter.swift

/// The names of a file, each given once.
struct FreeNames {
  private var taken: Set<String>

  /// Names of which some are taken.
  init(taken: [String] = []) { self.taken = Set(taken) }

  /// Takes a name that is given from outside, such as a column's.
  mutating func take(_ name: String) { taken.insert(name) }

  /// A free name: the wanted one, or that with the first number that makes it free.
  mutating func next(_ wanted: String) -> String {
    var candidate = wanted
    var number = 2
    while !taken.insert(candidate).inserted {
      candidate = "\(wanted)_\(number)"
      number += 1
    }
    return candidate
  }

  /// A free name for what a model answers: where a column has the wanted one, `predicted_` stands before it.
  mutating func output(_ wanted: String) -> String { next(taken.contains(wanted) ? "predicted_\(wanted)" : wanted) }
}
