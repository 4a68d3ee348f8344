// SPDX-License-Identifier: Apache-2.0
//
// DataError: data that could be read, but cannot be used.
//
// Before    SwiftletFormats     After    Columns/NumberChunk.swift

/// An error in the data or in a request about them, with the likely remedy.
public struct DataError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, and what to do.
  public let message: String
  /// An error with its sentence.
  public init(_ message: String) { self.message = message }
  public var description: String { message }
}
