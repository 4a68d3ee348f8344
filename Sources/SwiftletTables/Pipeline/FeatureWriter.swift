// SPDX-License-Identifier: Apache-2.0
//
// Writing features: a column's values, as the numbers that a network learns from.
//
// What the column and the transform have to agree on is found out once; what is left is a loop over rows,
// and that is handed out as a closure.
//
// Shapes    D features
// Before    FeatureTransform.swift     After    Pipeline.swift

import SwiftletFormats

/// Writes the features of some rows, D apart, from the feature of the first row on, and counts unseen categories.
typealias FeatureWriter = (_ rows: ArraySlice<Int32>, _ target: UnsafeMutablePointer<Float>) -> Int

extension FeatureTransform {
  /// How the rows of a column are written.
  ///
  /// - Parameter stride: D, from a row's feature to the next row's.
  /// - Throws: ``DataError`` where the column is of another type than in training.
  func writer(for column: Column, stride: Int) throws -> FeatureWriter {
    switch (kind, column.values) {
    case (.number(let fill, let offset, let factor), .numbers(let numbers)):
      return { rows, target in
        withUnsafeTemporaryAllocation(of: Double.self, capacity: rows.count) { values in
          guard let base = values.baseAddress else { return 0 }
          numbers.gather(rows, into: base)
          for i in 0..<rows.count {
            let value = base[i]
            target[i * stride] = Float(((value.isNaN ? fill : value) - offset) * factor)
          }
          return 0
        }
      }
    case (.number(let fill, let offset, let factor), .codes(let codes, _)) where codes.allSatisfy({ $0 < 0 }):
      let feature = Float((fill - offset) * factor)
      return { rows, target in
        for i in 0..<rows.count { target[i * stride] = feature }
        return 0
      }
    case (.category(let categories, let fill), let values):
      return try writer(categories, fill, for: values, of: column, stride: stride)
    case (.boolean(let spellings, let fill), .codes(let codes, let names)):
      let truth = names.map { name in spellings.firstIndex { $0.lowercased() == name.lowercased() } }
      return { rows, target in
        var unseen = 0
        for (i, row) in rows.enumerated() {
          let code = codes[Int(row)]
          let value = code < 0 ? fill : truth[Int(code)]
          if value == nil { unseen += 1 }
          target[i * stride] = Float(value ?? fill)
        }
        return unseen
      }
    case (.boolean(_, let fill), .numbers(let numbers)):
      return { rows, target in
        var unseen = 0
        for (i, row) in rows.enumerated() {
          let value = numbers[Int(row)]
          if !value.isNaN, value != 0, value != 1 { unseen += 1 }
          target[i * stride] = value.isNaN ? Float(fill) : value != 0 ? 1 : 0
        }
        return unseen
      }
    default: throw mismatch(column)
    }
  }

  /// One feature for each category of training: 1 for the row's own, else 0.
  private func writer(
    _ categories: [String], _ fill: String?, for values: Column.Values, of column: Column, stride: Int
  ) throws -> FeatureWriter {
    let positions = Dictionary(uniqueKeysWithValues: categories.enumerated().map { ($1, $0) })
    // The position of each of the column's own categories among those of training.
    let codes: [Int32]
    let own: [Int?]
    switch values {
    case .codes(let theirs, let names): (codes, own) = (theirs, names.map { positions[$0] })
    case .numbers(let numbers):  // a category written as numbers, such as 1, 2, 3
      let names = Array(Set(numbers.lazy.filter { !$0.isNaN })).sorted()
      let order = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
      (codes, own) = (numbers.map { order[$0] ?? -1 }, names.map { positions[JSONValue.spelling(of: $0)] })
    case .images: throw mismatch(column)
    }
    let filled = fill.flatMap { positions[$0] }
    return { rows, target in
      var unseen = 0
      for (i, row) in rows.enumerated() {
        let code = codes[Int(row)]
        for category in 0..<categories.count { target[i * stride + category] = 0 }
        if let position = code < 0 ? filled : own[Int(code)] {
          target[i * stride + position] = 1
        } else {
          unseen += 1
        }
      }
      return unseen
    }
  }

  private func mismatch(_ column: Column) -> DataError {
    DataError(
      "The column \"\(column.name)\" is \(column.type.rawValue), and the model was trained with \(type.rawValue) there."
    )
  }
}
