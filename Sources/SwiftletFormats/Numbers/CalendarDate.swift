// SPDX-License-Identifier: Apache-2.0
//
// CalendarDate: dates and times as ISO 8601 writes them.
//
// A date is a number of seconds since the beginning of 1970, by the clock of the place where it was written: models
// learn from weekdays and hours, and those are local. An offset from UTC is read and ignored.
//
// Before    NumberForm.swift     After    JSON/JSONValue.swift
// Source    ISO 8601-1:2019, section 5; Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013)

/// A day of the calendar and a time of day.
public struct CalendarDate: Sendable, Equatable {
  /// Days since 1970-01-01.
  public let day: Int
  /// Seconds since midnight.
  public let second: Double

  /// Seconds since the beginning of 1970.
  public var seconds: Double { Double(day) * 86_400 + second }
  /// From 0 to 23.
  public var hour: Int { Int(second / 3600) }
  /// 0 is Monday, 6 is Sunday.
  public var weekday: Int { ((day + 3) % 7 + 7) % 7 }  // 1970 began with a Thursday
  /// From 1 to 12.
  public var month: Int { civil.month }

  /// The date at a number of seconds since the beginning of 1970, within some millions of years.
  public init(seconds: Double) {
    let whole = (seconds / 86_400).rounded(.down)
    day = Int(whole)
    second = min(max(seconds - whole * 86_400, 0), 86_399.999999)
  }

  /// The year, the month and the day of the month.
  private var civil: (year: Int, month: Int, day: Int) {
    let shifted = day + 719_468  // days since 0000-03-01
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  /// Days since 1970-01-01; `nil` for a day that the calendar does not have.
  private static func day(year: Int, month: Int, day: Int) -> Int? {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...12).contains(month), day >= 1, day <= lengths[month - 1] else { return nil }
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear / 400  // years have four digits, so none is negative but -1
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Reads `2024-03-31`, and with a time `2024-03-31 18:30`, `2024-03-31T18:30:05.25+02:00`; `nil` for anything else.
  public init?(_ text: String) {
    var text = Array(text.trimmingAllSpaces().utf8)[...]
    guard let year = CalendarDate.digits(4, of: &text), year >= 1, CalendarDate.skip("-", in: &text),
      let month = CalendarDate.digits(2, of: &text), CalendarDate.skip("-", in: &text),
      let dayOfMonth = CalendarDate.digits(2, of: &text),
      let day = CalendarDate.day(year: year, month: month, day: dayOfMonth)
    else { return nil }
    self.day = day
    if text.isEmpty {
      second = 0
      return
    }
    guard CalendarDate.skip("T", in: &text) || CalendarDate.skip(" ", in: &text) || CalendarDate.skip("t", in: &text),
      let second = CalendarDate.time(&text), text.isEmpty
    else { return nil }
    self.second = second
  }

  /// Seconds since midnight, with an offset that is skipped.
  private static func time(_ text: inout ArraySlice<UInt8>) -> Double? {
    guard let hour = digits(2, of: &text), hour < 24 else { return nil }
    var total = Double(hour) * 3600
    if skip(":", in: &text) {
      guard let minute = digits(2, of: &text), minute < 60 else { return nil }
      total += Double(minute) * 60
      if skip(":", in: &text) {
        guard let second = digits(2, of: &text), second <= 60 else { return nil }
        total += min(Double(second), 59)  // a leap second is the last of its minute
        if skip(".", in: &text) || skip(",", in: &text) {
          var unit = 0.1
          guard let first = text.first, first &- 48 < 10 else { return nil }
          while let digit = text.first, digit &- 48 < 10 {
            total += Double(digit &- 48) * unit
            unit /= 10
            text.removeFirst()
          }
        }
      }
    }
    if skip(" ", in: &text), text.isEmpty { return nil }
    if text.elementsEqual("UTC".utf8) || text.elementsEqual("GMT".utf8) { text = [] }
    if skip("Z", in: &text) || skip("z", in: &text) { return total }
    if skip("+", in: &text) || skip("-", in: &text) {
      guard let hours = digits(2, of: &text), hours < 24 else { return nil }
      _ = skip(":", in: &text)
      if !text.isEmpty { guard let minutes = digits(2, of: &text), minutes < 60 else { return nil } }
    }
    return total
  }

  private static func digits(_ count: Int, of text: inout ArraySlice<UInt8>) -> Int? {
    guard text.count >= count, text.prefix(count).allSatisfy({ $0 &- 48 < 10 }) else { return nil }
    let value = text.prefix(count).reduce(0) { $0 * 10 + Int($1 - 48) }
    text = text.dropFirst(count)
    return value
  }

  private static func skip(_ character: Unicode.Scalar, in text: inout ArraySlice<UInt8>) -> Bool {
    guard text.first == UInt8(ascii: character) else { return false }
    text.removeFirst()
    return true
  }

  /// The date as ISO 8601 writes it, with the time if it is not midnight.
  public var text: String {
    func padded(_ number: Int, _ count: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
    let civil = civil
    let date = "\(padded(civil.year, 4))-\(padded(civil.month, 2))-\(padded(civil.day, 2))"
    guard second > 0 else { return date }
    let whole = Int(second)
    let time = "\(padded(hour, 2)):\(padded(whole / 60 % 60, 2)):\(padded(whole % 60, 2))"
    let rest = second - Double(whole)
    return date + " " + time + (rest >= 0.0005 ? String(decimals(rest, 3).dropFirst()) : "")
  }

  /// Whether a text is a date in another form, such as 3/31/2024, 31.03.2024, Mar 31, 2024, 20240331T1830 or 2024-W13-7.
  package static func looksLikeOtherForm(_ text: String) -> Bool {
    if isBasicForm(text) { return true }
    let parts = text.lowercased().split { " /.-,:".contains($0) }
    guard (3...8).contains(parts.count), text.utf8.count <= 40 else { return false }
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    let hasMonthName = parts.contains { part in months.contains { part.hasPrefix($0) } }
    if hasMonthName {
      let numbers = parts.compactMap { Int($0) }
      return numbers.count >= 2 && numbers.contains { (1...31).contains($0) }
    }
    let numbers = parts.prefix(3).compactMap { Int($0) }
    let hasDay = numbers.contains { (1...31).contains($0) }
    let separators = text.filter { "/.-".contains($0) }
    guard numbers.count == 3, separators.count >= 2, hasDay else { return false }
    return numbers.contains { (1000...9999).contains($0) } || parts.prefix(3).allSatisfy { (1...2).contains($0.count) }
  }

  /// Whether a text is ISO's form without hyphens and with a time, or its form of weeks.
  private static func isBasicForm(_ text: String) -> Bool {
    let shape = String(decoding: text.utf8.map { $0 &- 48 < 10 ? UInt8(ascii: "0") : $0 }, as: UTF8.self)
    return shape.hasPrefix("00000000T0000") || shape.hasPrefix("0000-W00")
  }
}
