// SPDX-License-Identifier: Apache-2.0
//
// Splits: which rows are for training, validation and test.
//
// A model is judged on rows that it has never seen; settings are chosen on a third part, because rows
// that chose a model cannot also judge it. The rule depends on nothing but the number of a row, its class
// and a seed, so that it is the same in every language and on every machine.
//
// Before    Reading/RecordParts.swift     After    Folds.swift
// Source    Hastie, Tibshirani, Friedman, "The Elements of Statistical Learning" (2009), section 7.2

import SwiftletTensors

/// The part of the data to which a row belongs.
public enum Split: String, Codable, Sendable, CaseIterable {
  /// The rows that a model learns from, those that choose among models, and those that judge the chosen one.
  case train, validation, test
}

extension Split {
  /// The rule: within each class the row numbers are put into the order of a hash, and the first are test.
  ///
  /// - Parameters:
  ///   - classes: The class of each row; all the same if the split is not stratified.
  ///   - test: The part of each class that is test, from 0 up to but not including 1.
  ///   - validation: The part of what is left that is validation, chosen by the same rule.
  ///   - seed: Mixed into the hash.
  /// - Returns: One split for each row.
  public static func byRule(classes: [Int32], test: Double, validation: Double, seed: UInt64) -> [Split] {
    var result = Array(repeating: Split.train, count: classes.count)
    choose(test, as: .test, classes, seed, &result)
    choose(validation, as: .validation, classes, seed, &result)
    return result
  }

  /// The rule, for whole groups: all rows of a group have one split.
  ///
  /// Groups replace rows, numbered in the order in which they come; there are no classes.
  public static func byGroup(groups: [Int32], test: Double, validation: Double, seed: UInt64) -> [Split] {
    var numbers: [Int32: Int] = [:]
    for group in groups where numbers[group] == nil { numbers[group] = numbers.count }
    let splits = byRule(
      classes: Array(repeating: 0, count: numbers.count), test: test, validation: validation, seed: seed)
    return groups.map { splits[numbers[$0] ?? 0] }
  }

  /// Adds a validation part to rows that are split into train and test already.
  public static func addingValidation(_ validation: Double, to splits: [Split], classes: [Int32], seed: UInt64)
    -> [Split]
  {
    var result = splits
    choose(validation, as: .validation, classes, seed, &result)
    return result
  }

  /// Adds a validation part of whole groups to rows that are split already: those of the training rows are numbered
  /// in the order in which they come, and a group that is chosen takes all of its training rows along.
  public static func addingValidation(_ validation: Double, to splits: [Split], groups: [Int32], seed: UInt64)
    -> [Split]
  {
    let teaching = splits.indices.filter { splits[$0] == .train }
    let parts = byGroup(groups: teaching.map { groups[$0] }, test: 0, validation: validation, seed: seed)
    var result = splits
    for (row, part) in zip(teaching, parts) { result[row] = part }
    return result
  }

  /// Gives a fraction of each class's training rows another part, by the order of the hash.
  private static func choose(
    _ fraction: Double, as part: Split, _ classes: [Int32], _ seed: UInt64, _ splits: inout [Split]
  ) {
    guard fraction >= 0, fraction < 1 else {
      stop("Split: the part of the rows that is \(part.rawValue) is from 0 up to but not including 1, not \(fraction)")
    }
    guard fraction > 0 else { return }
    var rowsOfClass: [Int32: [Int]] = [:]
    for row in splits.indices where splits[row] == .train { rowsOfClass[classes[row], default: []].append(row) }
    for rows in rowsOfClass.values {
      // At least one row of a class stays in training.
      let count = min(Int(fraction * Double(rows.count) + 0.5), rows.count - 1)
      let ordered = rows.sorted { hash($0, seed) < hash($1, seed) }
      for row in ordered.prefix(count) { splits[row] = part }
    }
  }

  static func hash(_ row: Int, _ seed: UInt64) -> UInt64 {
    Generator.mix((UInt64(row) ^ (seed << 32)) &+ Generator.increment)
  }
}
