// SPDX-License-Identifier: Apache-2.0
//
// ReadmeFigures: the figures of a model in a Markdown file, between two comments.
//
//     <!-- swiftlet: metrics -->
//     …written by `swiftlet report MODEL --readme README.md`…
//     <!-- end -->
//
// What stands outside of the comments is not touched, to the byte.
//
// Before    Report/Data/OutliersSection.swift     After    ColumnText.swift

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// A Markdown file with a place for figures.
struct ReadmeFigures {
  static let opening = "<!-- swiftlet: metrics -->"
  static let closing = "<!-- end -->"

  private let path: String
  private let bytes: [UInt8]
  /// The bytes between the comments.
  private let place: Range<Int>

  /// Reads the file.
  ///
  /// - Throws: `FormatError` if there is none, and `DataError` if it has no such comments, or several.
  init(_ path: String, opening: String = ReadmeFigures.opening) throws {
    self.path = path
    bytes = try Array(ByteSource.file(path).readAll())
    let openings = bytes.ranges(of: Array(opening.utf8))
    guard let first = openings.first else {
      throw DataError(
        "\(path) has no line \(opening). Write it where the figures should stand, and \(Self.closing) below it.")
    }
    guard openings.count == 1 else {
      throw DataError("\(path) has \(openings.count) lines \(opening), and one is needed.")
    }
    guard let last = bytes[first.upperBound...].firstRange(of: Array(Self.closing.utf8)) else {
      throw DataError("\(path) has \(opening) and no \(Self.closing) below it.")
    }
    place = first.upperBound..<last.lowerBound
  }

  /// What stands there now, without the ends of its lines.
  var now: [String] { ReadmeFigures.lines(bytes[place]) }

  /// The file with other lines between the comments.
  func replacing(_ lines: [String]) throws -> String {
    let end = bytes.contains(0x0D) ? "\r\n" : "\n"
    let text = ([""] + lines + [""]).joined(separator: end)
    guard
      let whole = String(
        validating: bytes[..<place.lowerBound] + Array(text.utf8) + bytes[place.upperBound...], as: UTF8.self)
    else { throw DataError("\(path) is not a text in UTF-8.") }
    return whole
  }

  private static func lines(_ bytes: ArraySlice<UInt8>) -> [String] {
    let text = String(decoding: bytes.filter { $0 != 0x0D }, as: UTF8.self)
    return text.split(separator: "\n").map(String.init)
  }

  /// The table of a model, and a sentence about it.
  static func lines(of model: ModelBundle) -> [String] {
    let card = CardText(model.card)
    let parts = (model.training["metrics"]?.members ?? []).filter { Split(rawValue: $0.name) != nil }
    guard let judged = parts.last else { return [] }
    func text(_ value: JSONValue?) -> String {
      value?.number.map { ((($0 * 10_000).rounded()) / 10_000).description } ?? ""
    }
    let rows = (judged.value.members ?? []).map { metric -> String in
      let value = text(metric.value)
      // The card alone remembers the interval of that very value.
      let interval = card.interval(of: metric.name, value: value).map { " \($0)" } ?? ""
      return "| \(metric.name) | \(value)\(interval) | \(text(model.training["baseline"]?[metric.name])) |"
    }
    let brackets = rows.contains { $0.contains("[") } ? " Brackets are 95 % intervals." : ""
    return ["| \(Markdown.text(model.name)) | \(judged.name) | baseline |", "| --- | ---: | ---: |"] + rows + [
      "",
      "Measured on the \(judged.name) rows; the baseline always answers with \(model.head.baselineName).\(brackets)",
    ]
  }
}
