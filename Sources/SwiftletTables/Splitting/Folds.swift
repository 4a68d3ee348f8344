// SPDX-License-Identifier: Apache-2.0
//
// Folds: every row is held out once.
//
// The rows of each class are put into the order of the rule's hash and dealt out like cards, one to each fold in turn. So
// the folds differ by at most one row, in all and in each class, and are the same on every machine.
//
// Before    Split.swift     After    SplitWords.swift
// Source    Kohavi, "A Study of Cross-Validation and Bootstrap" (1995), section 2.2

extension Split {
  /// The fold of each row, from 0.
  ///
  /// - Parameters:
  ///   - classes: The class of each row; all the same if the folds are not stratified.
  ///   - count: k, the number of folds.
  ///   - seed: Mixed into the hash: another seed makes other folds.
  public static func folds(classes: [Int32], count: Int, seed: UInt64) -> [Int] {
    var rowsOfClass: [Int32: [Int]] = [:]
    for (row, label) in classes.enumerated() { rowsOfClass[label, default: []].append(row) }
    var folds = Array(repeating: 0, count: classes.count)
    var dealt = 0
    for (_, rows) in rowsOfClass.sorted(by: { $0.key < $1.key }) {
      for row in rows.sorted(by: { hash($0, seed) < hash($1, seed) }) {
        folds[row] = dealt % max(count, 1)
        dealt += 1
      }
    }
    return folds
  }

  /// The fold of each row, where the rows of a group stay together: the groups are dealt out in their order by the hash.
  public static func folds(groups: [Int32], count: Int, seed: UInt64) -> [Int] {
    var numbers: [Int32: Int] = [:]
    for group in groups where numbers[group] == nil { numbers[group] = numbers.count }
    let ofGroups = folds(classes: Array(repeating: 0, count: numbers.count), count: count, seed: seed)
    return groups.map { ofGroups[numbers[$0] ?? 0] }
  }
}
