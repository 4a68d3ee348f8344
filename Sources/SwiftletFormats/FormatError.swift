// SPDX-License-Identifier: Apache-2.0
//
// FormatError: an error in a file, with its place.
//
// Before    SwiftletTensors     After    Markdown.swift

/// A malformed file: its name, the place, and a sentence that says what to do.
///
///     digits.csv, line 214, column 3 ("pixel_2"): expected a number, found "n/a".
public struct FormatError: Error, Equatable, CustomStringConvertible {
  /// The name of the file in messages.
  public var file: String
  /// Counted from 1, as editors do.
  public var line: Int?
  /// Counted from 1: a field of a record in a table, a character elsewhere.
  public var column: Int?
  /// The name of the column, if the file has names.
  public var columnName: String?
  /// What is wrong, and what to do.
  public var message: String
  /// Whether the file is missing or cannot be opened, rather than malformed.
  public var isMissingInput: Bool
  /// Whether the file is one that cannot be written, rather than one that was read.
  public var isAboutOutput = false

  /// An error with its place.
  public init(
    _ file: String, line: Int? = nil, column: Int? = nil, columnName: String? = nil, _ message: String,
    isMissingInput: Bool = false
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.columnName = columnName
    self.message = message
    self.isMissingInput = isMissingInput
  }

  public var description: String {
    var place = [file]
    if let line { place.append("line \(line)") }
    if let column { place.append("column \(column)" + (columnName.map { " (\"\($0)\")" } ?? "")) }
    // "m/iris is not a model", as a sentence; behind a place it stays a note: "t.csv, line 2: is not valid UTF-8".
    let isSentence = place.count == 1 && message.hasPrefix("is not a ")
    return place.joined(separator: ", ") + (isSentence ? " " : ": ") + message
  }
}

/// A word with its article: "an image", but "a one_hot", which is spoken like "won".
package func withArticle(_ word: some StringProtocol) -> String {
  let takesAn = "aeiou".contains(word.prefix(1).lowercased()) && !word.hasPrefix("one") && !word.hasPrefix("uni")
  return (takesAn && !word.isEmpty ? "an " : "a ") + word
}

/// A value from a file as it can be shown in a message: unprintable characters escaped, and not too long.
package func quoted(_ text: some StringProtocol) -> String {
  var shown = ""
  for scalar in text.unicodeScalars.prefix(60) {
    shown += scalar.value < 32 || scalar.value == 127 ? scalar.escaped(asASCII: true) : String(scalar)
  }
  return "\"" + shown + (text.unicodeScalars.count > 60 ? "…" : "") + "\""
}
