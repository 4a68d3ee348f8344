// SPDX-License-Identifier: Apache-2.0
//
// The table of encoders: adding a kind of encoder is its file and a name in this list.
//
// Before    ColumnEncoder.swift     After    Affine.swift

import SwiftletFormats

/// All encoders.
public enum Encoders {
  /// Each kind of encoder. The first one for a type of column is the default.
  static let all: [any ColumnEncoder.Type] = [
    NumberEncoder.self, OneHotEncoder.self, EmbeddingEncoder.self, BooleanEncoder.self, DateEncoder.self,
    ImageEncoder.self,
  ]

  /// The names of the encoders for a type of column; the first is the default.
  public static func encodings(of type: ColumnType) -> [String] {
    all.filter { $0.type == type }.map { $0.encoding }
  }

  /// What the encoders of a type of column make of a cell.
  package static func help(of type: ColumnType) -> String {
    all.filter { $0.type == type && !$0.help.isEmpty }.map { "\($0.encoding): \($0.help)." }.joined(separator: " ")
  }

  /// The encoder of a type of column and a name, or the first one of the type.
  static func encoder(of type: ColumnType, encoding: String? = nil) -> (any ColumnEncoder.Type)? {
    all.first { $0.type == type && (encoding == nil || $0.encoding == encoding) }
  }

  /// Learns how a column is encoded, or why it is left out.
  static func fit(_ column: Column, rows: [Int32], _ options: PipelineOptions) -> Fitted {
    let encoding = column.type == .category ? options.categoricalEncoding : nil
    guard let encoder = encoder(of: column.type, encoding: encoding) else {
      return .leftOut(leftOut(column, rows, options))
    }
    return encoder.fit(column, rows: rows, options)
  }

  /// Why a column of text is no feature, and what would make it one.
  private static func leftOut(_ column: Column, _ rows: [Int32], _ options: PipelineOptions) -> String {
    let count = column.categories?.count ?? 0
    let reason = "\"\(column.name)\" is \(column.type.rawValue) with \(count) distinct values and was left out. "
    // Prices, dates and codes are not made categories.
    if let quantity = column.writtenQuantity {
      return reason
        + "Texts such as \(quoted(quantity)) are not read as numbers; write them as plain numbers to learn from them."
    }
    guard count < column.count else { return reason + "Every row has its own, so there is nothing to learn from it." }
    var counts = Array(repeating: 0, count: count)
    for row in rows {
      if let code = column.codes?[Int(row)], code >= 0 { counts[Int(code)] += 1 }
    }
    let category = setFlag("columns.\(column.name)", "category")
    if options.categoricalEncoding == EmbeddingEncoder.encoding {
      return reason + "If many of them repeat, \(category) learns a row of numbers for each."
    }
    let cost = OneHotCost(counts.filter { $0 > 0 }, rowCount: rows.count)
    if cost.isWithinLimit(count) {
      return reason + "If many of them repeat, \(category) makes a feature of each."
    }
    guard let remedy = cost.remedy else { return reason + "They are too many for a feature of each." }
    return reason + "If many of them repeat, \(category) "
      + setFlag("pipeline.categorical.min_count", JSONValue(remedy.minimumCount))
      + " makes features of the \(remedy.categoryCount) that at least \(remedy.minimumCount) training rows have."
  }

  /// An encoder as a bundle holds it.
  static func json(_ encoder: any ColumnEncoder) -> JSONValue {
    let kind = Swift.type(of: encoder)
    var members: [JSONValue.Member] = [
      .init("name", .string(encoder.name)), .init("type", .string(kind.type.rawValue)),
    ]
    if encodings(of: kind.type).first != kind.encoding { members.append(.init("encode", .string(kind.encoding))) }
    return .object(members + encoder.members)
  }

  /// Reads what ``json(_:)`` wrote.
  ///
  /// - Throws: ``DataError`` for anything that no fit can have produced.
  static func read(_ json: JSONValue) throws -> any ColumnEncoder {
    guard let name = json["name"]?.string, let type = json["type"]?.string.flatMap(ColumnType.init(rawValue:)) else {
      throw DataError("A column of the pipeline needs a name and a type.")
    }
    guard let encoder = encoder(of: type, encoding: json["encode"]?.string) else {
      let known = encodings(of: type).joined(separator: ", ")
      throw DataError(
        "The column \"\(name)\" of the pipeline needs "
          + (known.isEmpty ? "another type than \(type.rawValue)." : "one of these as encode: \(known)."))
    }
    return try encoder.init(name: name, json: json)
  }
}
