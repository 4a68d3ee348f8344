// SPDX-License-Identifier: Apache-2.0
//
// PreparedRows: a request's rows as the network takes them.
//
// The requests of all protocols become this. A batch is the rows of several requests, one after the other.
//
// Shapes    N rows, D features
// Before    ServedModel.swift     After    InputReader.swift

/// Rows that the pipeline has prepared.
package struct PreparedRows: Sendable {
  /// N · D numbers, all finite.
  package let features: [Float]
  package let count: Int
  /// Number of cells with a category that was not in the training rows.
  package var unseenCount = 0
  /// The users who are to get lists: the rows are then each user with every item. Empty: the rows are what was asked for.
  var users: [ListedUser] = []
}
