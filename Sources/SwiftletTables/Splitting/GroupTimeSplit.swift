// SPDX-License-Identifier: Apache-2.0
//
// GroupTimeSplit: the past and the future of each group.
//
// A shop knows what a customer liked, and recommends what comes next. So the last rows of each customer are the test,
// and no customer is without training rows.
//
// Before    TimeSplit.swift     After    RepeatedRows.swift

extension Split {
  /// Puts the last rows of each group into a split.
  ///
  /// - Parameters:
  ///   - split: Where they go.
  ///   - fraction: The part of each group's training rows, from 0 up to but not including 1; rounded.
  ///   - splits: One split for each row; rows that are not for training stay.
  ///   - groups: The group of each row.
  ///   - times: The place of each row in time, in any unit. Of rows of one moment, the later in the table is later.
  public static func takingLast(
    as split: Split, _ fraction: Double, of splits: [Split], groups: [Int32], times: [Double]
  ) -> [Split] {
    var members: [Int32: [Int]] = [:]
    for row in splits.indices where splits[row] == .train { members[groups[row], default: []].append(row) }
    var result = splits
    for rows in members.values {
      let count = min(Int(fraction * Double(rows.count) + 0.5), rows.count - 1)
      let ordered = rows.sorted { (times[$0], $0) < (times[$1], $1) }
      for row in ordered.suffix(count) { result[row] = split }
    }
    return result
  }
}
