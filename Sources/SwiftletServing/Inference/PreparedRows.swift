// SPDX-License-Identifier: Apache-2.0
//
// PreparedRows: a request's rows as the network wants them, and what it says about them.
//
// Whatever the protocol, a request becomes this. Rows of several requests can stand one after the other,
// which is what makes a batch.
//
// Shapes    N rows, D features, W answers for a row
// Before    ServedModel.swift     After    InputReader.swift

/// Rows that the pipeline has prepared.
package struct PreparedRows: Sendable {
  /// N · D numbers, all finite.
  package let features: [Float]
  package let count: Int
  /// How many cells held a category that training did not know.
  package var unseenCount = 0
}

/// What the model says.
package struct Answers: Sendable {
  /// N · W numbers: probabilities of the labels, or predictions.
  package let values: [Float]
  package let count: Int
  package let width: Int

  /// The answer for one row.
  func row(_ position: Int) -> ArraySlice<Float> { values[position * width..<(position + 1) * width] }
}
