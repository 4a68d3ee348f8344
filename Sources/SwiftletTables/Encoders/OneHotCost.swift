// SPDX-License-Identifier: Apache-2.0
//
// OneHotCost: what a feature for each category costs, told before it is paid.
//
// The features are a matrix that is nearly all zeros: 30,000 rows of 17,000 users are two gigabytes. Rare categories
// teach little, so the remedy is a count that a category must reach.
//
// Shapes    N training rows, C categories
// Before    Median.swift     After    KnownCategories.swift

import SwiftletFormats
import SwiftletTensors

/// The memory of N · C features.
struct OneHotCost {
  /// The largest number of bytes that the features of one column may take.
  private static let limit = min(1 << 30, MemoryLimit.bytes / 4)

  /// The number of training rows of each category, in ascending order.
  private let counts: [Int]
  private let rowCount: Int

  /// - Parameter counts: The number of training rows of each category.
  init(_ counts: [Int], rowCount: Int) {
    self.counts = counts.sorted()
    self.rowCount = rowCount
  }

  private func byteCount(_ categoryCount: Int) -> Int {
    let (count, overflows) = categoryCount.multipliedReportingOverflow(by: rowCount * MemoryLayout<Float>.size)
    return overflows ? .max : count
  }

  /// Whether this many categories are within the limit.
  func isWithinLimit(_ categoryCount: Int) -> Bool { byteCount(categoryCount) <= Self.limit }

  /// The least count that leaves few enough categories, and how many it leaves; `nil` if there is none.
  var remedy: (minimumCount: Int, categoryCount: Int)? {
    var position = 0
    while position < counts.count {
      let minimum = counts[position]
      let left = counts.count - position
      if minimum > 1, left > 1, isWithinLimit(left + 1) { return (minimum, left) }  // one more for what is missing
      while position < counts.count, counts[position] == minimum { position += 1 }
    }
    return nil
  }

  /// The sentence with the size and what to do.
  func refusal(of name: String, _ categoryCount: Int) -> String {
    let size = decimals(Double(byteCount(categoryCount)) / 1e9, 1)
    let frequent = remedy.map { minimum, count in
      "\(setFlag("pipeline.categorical.min_count", JSONValue(minimum))) makes features of the \(count) categories that at "
        + "least \(minimum) training rows have, or leave"
    }
    return
      "\(quoted(name)) has \(categoryCount) categories, and a feature for each of them in \(rowCount) training rows "
      + "takes \(size) GB. \(frequent ?? "Leave") the column out with "
      + setFlag("features.exclude", [.string(name)]) + "."
  }
}
