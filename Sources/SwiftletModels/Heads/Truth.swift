// SPDX-License-Identifier: Apache-2.0
//
// Truth: the true answers of rows, by which a model is trained and judged.
//
// A head fills what it needs: classes have labels, numbers have columns of numbers. It is one struct, so that
// whatever takes some of the rows takes all that is known of them.
//
// Shapes    N rows, T targets
// Before    Illustration.swift     After    Answers.swift

/// The true answers of N rows.
public struct Truth: Sendable, Equatable {
  /// The class of each row, as a position in the head's labels; empty if no classes are predicted.
  public var labels: [Int32]
  /// T lists of N numbers in the unit of their target; empty if no numbers are predicted.
  public var numbers: [[Double]]
  /// One weight per row, which add up to N; `nil` if all rows count the same.
  public var weights: [Float]?

  /// The truth of rows, in the form that their head uses.
  public init(labels: [Int32] = [], numbers: [[Double]] = [], weights: [Float]? = nil) {
    self.labels = labels
    self.numbers = numbers
    self.weights = weights
  }

  /// N, the number of rows.
  public var count: Int { numbers.first?.count ?? labels.count }

  /// The class of each row, by which a split is stratified: the same for all if there are no classes.
  public var classes: [Int32] { numbers.isEmpty ? labels : Array(repeating: 0, count: count) }

  /// The truth of some of the rows.
  public func selecting(_ rows: [Int32]) -> Truth {
    Truth(
      labels: labels.isEmpty ? [] : rows.map { labels[Int($0)] },
      numbers: numbers.map { column in rows.map { column[Int($0)] } },
      weights: weights.map { weights in rows.map { weights[Int($0)] } })
  }

  /// The sum of the weights of all rows.
  public var totalWeight: Double { weights?.reduce(0) { $0 + Double($1) } ?? Double(count) }

  /// The sum of the weights of some rows.
  public func totalWeight(of rows: ArraySlice<Int32>) -> Double {
    weights.map { weights in rows.reduce(0) { $0 + Double(weights[Int($1)]) } } ?? Double(rows.count)
  }
}
