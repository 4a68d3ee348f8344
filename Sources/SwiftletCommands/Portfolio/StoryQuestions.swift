// SPDX-License-Identifier: Apache-2.0
//
// The questions of a README: comments that only its editor sees, each answered by the text below it.
//
//     <!-- question: Who decides what with this answer? -->
//     The nurse, whom to call first.
//
// Before    Repository.swift     After    Portfolio/Parts/StoryPart.swift

import Foundation
import SwiftletFormats
import SwiftletTables

/// The questions in a README, and which of them are open.
struct StoryQuestions {
  static let opening = "<!-- question: "
  private static let closing = "-->"

  /// A question without an answer.
  struct Open: Equatable {
    let line: Int
    let text: String
  }

  private let path: String
  let count: Int
  let open: [Open]

  init(_ path: String) throws {
    self.init(String(decoding: try ByteSource.file(path).readAll(limit: 16 << 20), as: UTF8.self), path: path)
  }

  init(_ text: String, path: String) {
    self.path = path
    let pieces = text.replacingOccurrences(of: "\r\n", with: "\n").components(separatedBy: Self.opening)
    var line = 1
    var open: [Open] = []
    for (piece, next) in zip(pieces, pieces.dropFirst()) {
      line += piece.count { $0 == "\n" }
      let parts = next.components(separatedBy: Self.closing)
      guard !Self.isAnswered(parts.dropFirst().joined(separator: Self.closing)) else { continue }
      let words = parts[0].split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      open.append(Open(line: line, text: words))
    }
    count = pieces.count - 1
    self.open = open
  }

  /// Whether there is a word before the next heading or comment.
  private static func isAnswered(_ text: String) -> Bool {
    text.split(separator: "\n").prefix { !$0.hasPrefix("#") && !$0.hasPrefix("<!--") }
      .contains { $0.contains { $0.isLetter || $0.isNumber } }
  }

  /// Prints the open questions.
  ///
  /// - Throws: `DataError` if there are any.
  func report() throws {
    guard count > 0 else { throw DataError("\(path) has no line that begins with \(Self.opening)") }
    open.forEach { print("\(path):\($0.line): \($0.text)") }
    try flushStandardOutput()  // before the sentence on standard error
    guard open.isEmpty else {
      throw DataError(
        "\(open.count) of \(count) questions in \(path) are not answered: write below each what you know.")
    }
    print("All \(count) questions of \(path) are answered.")
  }
}
