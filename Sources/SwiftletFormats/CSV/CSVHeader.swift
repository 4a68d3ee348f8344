// SPDX-License-Identifier: Apache-2.0
//
// CSVHeader: where the names of the columns stand, and whether they are names.
//
// Titles and comments above the header, and files without one, are common. Read as names, they would make a
// nonsensical table from which a model would still learn.
//
// Before    CSVReader.swift     After    CSVScanner.swift

/// Where the names of the columns stand in a file of delimited text.
public enum CSVHeader: Sendable, Equatable {
  /// In the first line, unless it is a title or holds values.
  case automatic
  /// There are no names: the columns are called column_1, column_2, and so on.
  case none
  /// In a line, counted from 1; those before it are skipped.
  case line(Int)

  /// As a recipe writes it; `nil` for `automatic`.
  package var json: JSONValue? {
    switch self {
    case .automatic: nil
    case .none: "none"
    case .line(let line): JSONValue(line)
    }
  }

  /// Reads what ``json`` wrote; anything else is `automatic`.
  package init(json: JSONValue?) {
    self = json == "none" ? .none : json?.integer.map { .line($0) } ?? .automatic
  }

  /// The names of columns without a header.
  static func numbered(_ count: Int) -> [String] { (0..<count).map { "column_\($0 + 1)" } }

  /// Whether names are those that a file without a header would get, some of them perhaps absent.
  static func areNumbered(_ names: [String]) -> Bool {
    names.allSatisfy { $0.hasPrefix("column_") && Int($0.dropFirst(7)) != nil }
  }

  /// Whether a text is a number.
  static func isNumber(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { parseNumber($0) } != nil
  }

  /// Whether names look like values: numbers with decimals, or numbers in no order. Years and wavelengths ascend.
  static func lookLikeValues(_ names: [String]) -> Bool {
    let numbers = names.compactMap { name -> Double? in
      var name = name
      return name.withUTF8 { parseNumber($0) }
    }
    guard !numbers.isEmpty else { return false }
    let ascends = zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
    if ascends, numbers.count > 2 || numbers.allSatisfy({ $0 == $0.rounded() }) { return false }
    return true
  }
}

extension CSVScanner {
  /// Steps behind a first line such as `sep=;`, in which spreadsheets declare the delimiter.
  func takeDeclaredDelimiter() throws -> UInt8? {
    while !isAtEnd, end - position < 16 { try fill() }
    let start = buffer[position..<min(position + 8, end)]
    guard start.count >= 5, start.prefix(4).map({ $0 | 0x20 }) == Array("sep=".utf8) else { return nil }
    let declared = start[start.startIndex + 4]
    let rest = start.dropFirst(5)
    guard let next = rest.first else { return nil }
    guard next == 0x0A || next == 0x0D && rest.dropFirst().first == 0x0A else { return nil }
    position += next == 0x0A ? 6 : 7
    line += 1
    return declared
  }

  /// Steps to the beginning of a line.
  func skip(to target: Int) throws {
    while line < target {
      if position == end {
        guard !isAtEnd else { throw FormatError(name, "has \(line) lines, and source.header is \(target).") }
        try fill()
        continue
      }
      if let lineEnd = buffer[position..<end].firstIndex(of: 0x0A) {
        position = lineEnd + 1
        line += 1
      } else {
        position = end
      }
    }
  }

  /// Refuses a first line that is a title or a comment: one field above records of several.
  func refuseTitle() throws {
    let records = sampleRecords(delimiter, buffer[position..<end])
    guard let first = records.first, first.fieldCount == 1, records.count > 2 else { return }
    let widths = records.dropFirst().map(\.fieldCount)
    guard let widest = widths.max(), widest > 1 else { return }
    // The names begin where the records have the width that they keep.
    guard let begin = records.firstIndex(where: { $0.fieldCount == widest }),
      records[begin...].allSatisfy({ $0.fieldCount == widest }), records.count - begin > 1
    else { return }
    throw FormatError(
      name, line: line,
      "is a title or a comment: it has one field, and the lines from \(records[begin].line) on have \(widest). If the "
        + "names of the columns stand in line \(records[begin].line), say --set source.header=\(records[begin].line).")
  }

  /// Refuses columns that are separated by spaces: numbers side by side in every line, and as many words in each.
  func refuseSpaces() throws {
    let lines = buffer[position..<end].prefix(1 << 14).split(separator: 0x0A).prefix(20)
    guard lines.count > 1, lines.allSatisfy({ !$0.contains(delimiter) }) else { return }
    let words = lines.map { line in
      String(decoding: line, as: UTF8.self).split { " \t\r".contains($0) }
    }
    let width = words[0].count
    guard width > 1, words.dropLast(lines.count == 20 ? 0 : 1).allSatisfy({ $0.count == width })
    else { return }
    let hasNumbers = words[1].contains { CSVHeader.isNumber(String($0)) }
    guard hasNumbers else { return }
    throw FormatError(
      name, line: line,
      "its \(width) columns are separated by spaces, and a comma, a semicolon, a tab or | is needed. "
        + "sed 's/^ *//; s/ *$//; s/  */,/g' FILE puts commas there. If it is one column, say "
        + "--set source.header=1.")
  }
}
