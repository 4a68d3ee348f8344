// SPDX-License-Identifier: Apache-2.0
//
// Dates: the number of the day, and its cycles: month, weekday and hour.
//
// A trend follows the day; a season, a weekend and a rush hour do not, so each month, weekday and hour that training
// had is a feature of its own. A part that is the same in all training rows is left out.
//
// Before    BooleanEncoder.swift     After    ImageEncoder.swift

import SwiftletFormats
import SwiftletTensors

/// The day as a standardized number, then a feature of zeros and ones for each month, weekday and hour of training.
public struct DateEncoder: ColumnEncoder {
  public static let encoding = "date"
  public static let type = ColumnType.date

  public let name: String
  /// Days since 1970, standardized; what fills a missing date is their median. `nil` if all rows are of one day.
  private let day: Affine?
  /// For each part of a date that varies, the values that training had.
  private let cycles: [(part: Part, values: [Int])]
  /// The first and the last date of training, in seconds.
  private let first: Double
  private let last: Double

  /// The cycles.
  private enum Part: String, CaseIterable {
    case month, weekday, hour

    func value(of date: CalendarDate) -> Int {
      switch self {
      case .month: date.month
      case .weekday: date.weekday
      case .hour: date.hour
      }
    }

    var values: ClosedRange<Int> {
      switch self {
      case .month: 1...12
      case .weekday: 0...6
      case .hour: 0...23
      }
    }
  }

  public var featureShape: Shape { [(day == nil ? 0 : 1) + cycles.reduce(0) { $0 + $1.values.count }] }
  public var featureNames: [String] {
    (day == nil ? [] : ["\(name) day"])
      + cycles.flatMap { part, values in values.map { "\(name) \(part.rawValue)=\($0)" } }
  }

  // MARK: Fitting

  public static func fit(_ column: Column, rows: [Int32], _ options: PipelineOptions) -> Fitted {
    let name = column.name
    let seconds = (column.numbers?.gathered(rows[...]) ?? []).filter { !$0.isNaN }
    guard let first = seconds.min(), let last = seconds.max() else {
      return .leftOut("\"\(name)\" has no value in the training rows and was left out.")
    }
    let dates = seconds.map { CalendarDate(seconds: $0) }
    var days = dates.map { Double($0.day) }
    let mean = days.reduce(0, +) / Double(days.count)
    let variance = days.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(days.count)
    let day =
      variance > 0 ? Affine(fill: median(&days), offset: mean, factor: 1 / variance.squareRoot()) : nil
    let cycles = Part.allCases.compactMap { part -> (part: Part, values: [Int])? in
      let values = Set(dates.map { part.value(of: $0) })
      return values.count > 1 ? (part, values.sorted()) : nil
    }
    guard day != nil || !cycles.isEmpty else {
      return .leftOut("\"\(name)\" is \(CalendarDate(seconds: first).text) in every training row and was left out.")
    }
    return .encoder(DateEncoder(name: name, day: day, cycles: cycles, first: first, last: last))
  }

  private init(name: String, day: Affine?, cycles: [(part: Part, values: [Int])], first: Double, last: Double) {
    self.name = name
    self.day = day
    self.cycles = cycles
    self.first = first
    self.last = last
  }

  // MARK: Bundle

  public init(name: String, json: JSONValue) throws {
    var day: Affine?
    if let numbers = json["day"] {
      guard let fill = numbers["fill"]?.number, let offset = numbers["offset"]?.number,
        let factor = numbers["factor"]?.number, let affine = Affine(fill: fill, offset: offset, factor: factor)
      else { throw Self.wrong(name, "the numbers fill, offset and factor of its day") }
      day = affine
    }
    let cycles = try Part.allCases.compactMap { part -> (part: Part, values: [Int])? in
      guard let list = json[part.rawValue] else { return nil }
      let values = (list.array ?? []).compactMap(\.integer)
      guard values.count == list.array?.count, values.count > 1, values == Set(values).sorted(),
        values.allSatisfy(part.values.contains)
      else {
        throw Self.wrong(
          name, "ascending numbers from \(part.values.lowerBound) to \(part.values.upperBound) as \(part.rawValue)")
      }
      return (part, values)
    }
    guard day != nil || !cycles.isEmpty, let first = json["first"]?.string.flatMap({ CalendarDate($0) }),
      let last = json["last"]?.string.flatMap({ CalendarDate($0) })
    else { throw Self.wrong(name, "a day, a month, a weekday or an hour, and its first and last date") }
    self.init(name: name, day: day, cycles: cycles, first: first.seconds, last: last.seconds)
  }

  public var members: [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("first", .string(CalendarDate(seconds: first).text)),
      .init("last", .string(CalendarDate(seconds: last).text)),
    ]
    if let day {
      members.append(
        .init("day", ["fill": .number(day.fill), "offset": .number(day.offset), "factor": .number(day.factor)]))
    }
    return members
      + cycles.map { part, values in .init(part.rawValue, .array(values.map { JSONValue($0) })) }
  }

  // MARK: Values

  public var schema: InputSchema {
    let (first, last) = (CalendarDate(seconds: first).text, CalendarDate(seconds: last).text)
    return InputSchema(
      name: name, type: Self.type, form: .word, typical: .string(last),
      meaning: "\(name): a date as 2024-03-31 or 2024-03-31 18:30; from \(first) to \(last) in the training data.")
  }

  public func writer(for column: Column, stride: Int) throws -> FeatureWriter {
    guard let numbers = column.numbers, column.type == Self.type || column.missingCount == column.count else {
      throw mismatch(column)
    }
    return { rows, target in
      for (i, row) in rows.enumerated() {
        let seconds = numbers[Int(row)]
        write(seconds.isNaN ? nil : CalendarDate(seconds: seconds), to: target + i * stride)
      }
      return 0
    }
  }

  /// Writes the features of one date, or of none.
  private func write(_ date: CalendarDate?, to target: UnsafeMutablePointer<Float>) {
    var target = target
    if let day {
      target.pointee = day(date.map { Double($0.day) } ?? .nan)
      target += 1
    }
    for (part, values) in cycles {
      let own = date.map { part.value(of: $0) }
      for value in values {
        target.pointee = value == own ? 1 : 0
        target += 1
      }
    }
  }
}
