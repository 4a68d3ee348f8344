// SPDX-License-Identifier: Apache-2.0
//
// PreparedRows: a request's rows as the network wants them, and what it says about them.
//
// Whatever the protocol, a request becomes this. Rows of several requests can stand one after the other,
// which is what makes a batch.
//
// Shapes    N rows, D features
// Before    ServedModel.swift     After    InputReader.swift

/// Rows that the pipeline has prepared.
package struct PreparedRows: Sendable {
  /// N · D numbers, all finite.
  package let features: [Float]
  package let count: Int
  /// How many cells held a category that training did not know.
  package var unseenCount = 0
}
