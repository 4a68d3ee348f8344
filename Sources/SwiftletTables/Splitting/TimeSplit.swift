// SPDX-License-Identifier: Apache-2.0
//
// TimeSplit: the past is for training, and the future for the test.
//
// A model that predicts the future must not be tested on rows from between its training rows.
//
// Before    SplitWords.swift     After    GroupTimeSplit.swift

extension Split {
  /// The last rows are test, and the last of those before them validation. Rows of one moment stay together.
  ///
  /// - Parameters:
  ///   - times: The place of each row in time, in any unit.
  ///   - test: The part of the rows that is test, from 0 up to but not including 1.
  ///   - validation: The part of what is left that is validation.
  /// - Returns: One split for each row.
  public static func byTime(times: [Double], test: Double, validation: Double) -> [Split] {
    let order = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
    let testStart = start(ofLast: test, order[...], times)
    let validationStart = start(ofLast: validation, order[..<testStart], times)
    var result = Array(repeating: Split.train, count: times.count)
    for row in order[validationStart..<testStart] { result[row] = .validation }
    for row in order[testStart...] { result[row] = .test }
    return result
  }

  /// Where the last part of some rows begins: at the first row of its moment, or behind it if that is the first of all.
  private static func start(ofLast fraction: Double, _ order: ArraySlice<Int>, _ times: [Double]) -> Int {
    let count = Int(min(max(fraction, 0), 1) * Double(order.count) + 0.5)
    func isWithin(_ place: Int) -> Bool {
      place > order.startIndex && place < order.endIndex && times[order[place - 1]] == times[order[place]]
    }
    var place = order.endIndex - count
    while isWithin(place) { place -= 1 }
    guard place == order.startIndex, count > 0 else { return place }
    place = max(order.endIndex - count, order.startIndex + 1)
    while isWithin(place) { place += 1 }
    return min(place, order.endIndex)
  }
}

extension Column {
  /// The place of each row in time: a number, or a text such as 2024-05-31 12:00 whose order is that of its letters.
  ///
  /// - Parameter purpose: The caller, for the message.
  /// - Throws: ``DataError`` with the first row that has no time, or one that cannot be ordered.
  package func times(for purpose: String) throws -> [Double] {
    if let row = (0..<count).first(where: { isMissing(at: $0) }) {
      throw DataError("Row \(row + 1) has no value in \"\(name)\", so \(purpose) cannot place it in time.")
    }
    if let numbers { return Array(numbers) }
    guard let codes, let categories else {
      throw DataError("\"\(name)\" holds pictures, which \(purpose) cannot order.")
    }
    let length = categories.first?.count
    if let odd = categories.first(where: { !Column.isSortableTime($0) || $0.count != length }) {
      throw DataError(
        "\"\(name)\" holds \"\(odd)\", which \(purpose) cannot order: it needs numbers, or dates that are all written "
          + "as 2024-05-31 or 2024-05-31 12:00.")
    }
    let ordered = categories.indices.sorted { categories[$0] < categories[$1] }
    var places = Array(repeating: 0.0, count: categories.count)
    for (place, category) in ordered.enumerated() { places[category] = Double(place) }
    return codes.map { places[Int($0)] }
  }

  /// Whether a text is year, month, and what may follow, in digits: 2024-05, 2024-05-31T12:00:00Z.
  private static func isSortableTime(_ text: String) -> Bool {
    let shape = text.utf8.prefix(7).map { (0x30...0x39).contains($0) ? "0" : String(UnicodeScalar($0)) }.joined()
    let rest = text.utf8.dropFirst(7)
    return shape == "0000-00" && rest.count { $0 == UInt8(ascii: "-") } <= 1  // no offset from Greenwich
      && rest.allSatisfy { (0x30...0x39).contains($0) || "-T :.Z".utf8.contains($0) }
  }
}
