// SPDX-License-Identifier: Apache-2.0
//
// Writing a result where the user wants it.
//
// Before    TextTable.swift     After    ../SwiftletCommand.swift

import Foundation

/// Writes a text into a file, whole or not at all; `-` is standard output.
///
/// - Throws: ``OutputError`` where the file cannot be written.
func writeText(_ text: String, to path: String) throws {
  if path == "-" { return print(text, terminator: "") }
  do { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
    throw OutputError(message: "\(path) cannot be written.")
  }
}
