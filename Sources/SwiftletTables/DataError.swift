// SPDX-License-Identifier: Apache-2.0
//
// DataError: data that were read well and still cannot be used.
//
// Before    SwiftletFormats     After    Columns/NumberChunk.swift

/// What is wrong with the data, or with what was asked of them, and the likely remedy.
public struct DataError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, and what to do.
  public let message: String
  /// An error with its sentence.
  public init(_ message: String) { self.message = message }
  public var description: String { message }
}
