// SPDX-License-Identifier: Apache-2.0
//
// ReadingOptions: how a file is written, as far as that should not be inferred.
//
// They are a part of the recipe and of the bundle, so that a model reads new data as training did.
//
// Before    Columns/Joining.swift     After    PictureReading.swift

import SwiftletFormats

/// How a file is written. What is left open is inferred, or refused where two readings are possible.
public struct ReadingOptions: Sendable, Equatable {
  /// How missing values are written.
  public var missing = MissingSpellings.standard
  /// The sign before decimals; `nil`: inferred.
  public var decimal: NumberForm.Decimal?
  /// The sign between groups of three digits; `nil`: inferred.
  public var thousands: NumberForm.Thousands?
  /// Where the names of the columns stand in a CSV file.
  public var header = CSVHeader.automatic
  /// Whether quotes in a CSV file enclose fields.
  public var hasQuotes = true
  /// Whether words that differ only in upper and lower case are one.
  public var ignoresCase = false

  /// The size and the color of pictures. A model has its own, so a bundle does not keep them here.
  public var pictures = PictureReading()

  /// Everything is inferred.
  public init() {}

  /// The forms that numbers may have.
  var forms: [NumberForm] {
    NumberForm.all.filter {
      (decimal == nil || decimal == $0.decimal) && (thousands == nil || thousands == $0.thousands)
    }
  }

  /// Whether 1.234 is a number between one and two.
  var allowsPlainNumbers: Bool { decimal != .comma && thousands != .point }

  /// All that a text can be, in the forms that are allowed; the plain form excludes the others.
  func values(of number: NumberWithUnit) -> [Double] {
    if allowsPlainNumbers, let value = NumberForm.plain.value(of: number) { return [value] }
    var values: [Double] = []
    for form in forms {
      if let value = form.value(of: number), !values.contains(value) { values.append(value) }
    }
    return values
  }

  /// What is not left open, apart from ``missing``, as a bundle keeps it; `nil` if everything is.
  package var json: JSONValue? {
    var members: [JSONValue.Member] = []
    if let decimal { members.append(.init("decimal", .string(decimal.rawValue))) }
    if let thousands { members.append(.init("thousands", .string(thousands.rawValue))) }
    if header == .none { members.append(.init("header", "none")) }
    if !hasQuotes { members.append(.init("quote", "none")) }
    if ignoresCase { members.append(.init("case", "ignore")) }
    return members.isEmpty ? nil : .object(members)
  }

  /// Reads what ``json`` wrote; anything else is left open.
  package init(json: JSONValue?, missing: MissingSpellings) {
    self.missing = missing
    decimal = json?["decimal"]?.string.flatMap(NumberForm.Decimal.init(rawValue:))
    thousands = json?["thousands"]?.string.flatMap(NumberForm.Thousands.init(rawValue:))
    header = json?["header"] == "none" ? .none : .automatic
    hasQuotes = json?["quote"] != "none"
    ignoresCase = json?["case"] == "ignore"
  }
}

/// How the numbers of one column are written, as training inferred it.
public struct NumberStyle: Sendable, Equatable {
  /// The signs.
  public var form = NumberForm.plain
  /// Whether every number has a percent sign: 120% is 120.
  public var isPercent = false

  /// Plain numbers.
  public init() {}

  /// A style.
  init(form: NumberForm, isPercent: Bool) {
    self.form = form
    self.isPercent = isPercent
  }

  /// As it stands in a bundle; `nil` for plain numbers.
  var json: JSONValue? {
    guard self != NumberStyle() else { return nil }
    return [
      "decimal": .string(form.decimal.rawValue), "thousands": .string(form.thousands.rawValue),
      "percent": .bool(isPercent),
    ]
  }

  /// Reads what ``json`` wrote.
  init(json: JSONValue?) {
    form.decimal = json?["decimal"]?.string.flatMap(NumberForm.Decimal.init(rawValue:)) ?? .point
    form.thousands = json?["thousands"]?.string.flatMap(NumberForm.Thousands.init(rawValue:)) ?? .none
    isPercent = json?["percent"]?.bool ?? false
  }
}
