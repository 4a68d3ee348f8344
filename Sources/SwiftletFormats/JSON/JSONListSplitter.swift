// SPDX-License-Identifier: Apache-2.0
//
// JSONListSplitter: the elements of one long list, each as soon as it is there.
//
// A file that is one list of a million objects is read like a file of a million lines: nothing of it is kept but the
// element that has begun. What an element is, the scanner finds out; here only quotes and brackets count.
//
// Before    JSONLinesReader.swift     After    YAML/YAML.swift

/// Cuts a list into its elements, piece by piece.
struct JSONListSplitter {
  let name: String
  /// The largest number of bytes in an element.
  let longest: Int
  private var depth = 0
  private var isInText = false
  private var isEscaped = false
  private var isOver = false
  private var hasElements = false
  private var line = 1
  /// The line on which the current element begins.
  private var firstLine = 1
  private var pending: [UInt8] = []

  init(name: String, longest: Int) {
    self.name = name
    self.longest = longest
  }

  /// Calls `body` with every element that ends in the piece, and the line on which it begins.
  mutating func split(_ piece: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>, Int) throws -> Void) throws {
    var start = piece.startIndex
    for (position, byte) in zip(piece.indices, piece) {
      if byte == 0x0A { line += 1 }
      if isInText {
        isInText = isEscaped || byte != UInt8(ascii: "\"")
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInText = true
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        guard depth == 1 else { break }
        try refuseMore(piece[start..<position])
        (start, firstLine) = (position + 1, line)
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        guard depth == 0 else { break }
        try end(piece[start..<position], isLast: true, body)
        start = position + 1
      case UInt8(ascii: ",") where depth == 1:
        try end(piece[start..<position], isLast: false, body)
        (start, firstLine) = (position + 1, line)
      default: break
      }
    }
    guard depth > 0 || isInText else { return try refuseMore(piece[start...]) }
    pending += piece[start...]
    guard pending.count <= longest else {
      throw FormatError(name, line: firstLine, "the element is longer than \(longest) bytes.")
    }
  }

  /// - Throws: ``FormatError`` where the list has not ended.
  func finish() throws {
    guard isOver else { throw FormatError(name, line: line, "not valid JSON: the list is not closed.") }
  }

  private mutating func end(
    _ rest: ArraySlice<UInt8>, isLast: Bool, _ body: (ArraySlice<UInt8>, Int) throws -> Void
  ) throws {
    let element = pending.isEmpty ? rest : (pending + rest)[...]
    pending = []
    isOver = isLast
    if isLast, !hasElements, element.allSatisfy({ $0 <= 0x20 }) { return }
    hasElements = true
    try body(element, firstLine)
  }

  /// Refuses anything after the list.
  private func refuseMore(_ bytes: ArraySlice<UInt8>) throws {
    guard isOver, bytes.contains(where: { $0 > 0x20 }) || depth > 0 else { return }
    throw FormatError(name, line: line, "not valid JSON: expected the end after the list.")
  }
}
