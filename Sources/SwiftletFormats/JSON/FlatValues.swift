// SPDX-License-Identifier: Apache-2.0
//
// FlatValues: the values of a tensor or a column, in row-major order.
//
// Nearly all are numbers, so they are kept as numbers until another value comes.
//
// Before    JSONStrings.swift     After    JSONWriter.swift

/// A list of values: numbers, NaN if one is missing, or anything.
package struct FlatValues: Sendable {
  /// The values, as long as all of them are numbers.
  package private(set) var numbers: [Double] = []
  /// All values, once one of them is not a number.
  package private(set) var mixed: [JSONValue]?
  /// The nesting of the lists, if the values came in lists.
  package var nesting = Nesting()

  package init() {}
  package init(numbers: [Double]) { self.numbers = numbers }
  package init(mixed: [JSONValue]) { self.mixed = mixed }

  /// The depth and the lengths of nested lists.
  package struct Nesting: Sendable, Equatable {
    /// The length of the lists at every level; −1 if they differ.
    package private(set) var lengths: [Int] = []
    private var valueLevel: Int?
    /// Whether there were values at several levels.
    package private(set) var isMixed = false

    @inline(__always)
    mutating func hasValue(at level: Int) {
      if valueLevel == level { return }
      if valueLevel != nil { isMixed = true }
      valueLevel = level
    }

    mutating func hasList(of count: Int, at level: Int) {
      while lengths.count <= level { lengths.append(-2) }
      lengths[level] = lengths[level] == -2 || lengths[level] == count ? count : -1
    }

    /// Whether the lists are one flat list, or nested as the shape is.
    package func fits(_ shape: [Int]) -> Bool { !isMixed && (lengths.count <= 1 || lengths == shape) }
  }

  /// A list of values of any kind.
  package init(_ values: [JSONValue]) {
    for value in values { append(value) }
  }

  package var count: Int { mixed?.count ?? numbers.count }
  package var areNumbers: Bool { mixed == nil }

  package mutating func reserve(_ count: Int) { numbers.reserveCapacity(count) }

  @inline(__always)
  package mutating func append(_ number: Double) {
    if mixed == nil {
      numbers.append(number)
    } else {
      mixed?.append(number.isNaN ? .null : .number(number))
    }
  }

  package mutating func append(_ value: JSONValue) {
    if case .number(let number) = value { return append(number) }
    if value == .null { return append(.nan) }
    if mixed == nil {
      mixed = numbers.map { $0.isNaN ? .null : .number($0) }
      numbers = []
    }
    mixed?.append(value)
  }

  /// One value.
  package subscript(position: Int) -> JSONValue {
    if let mixed { return mixed[position] }
    return numbers[position].isNaN ? .null : .number(numbers[position])
  }

  /// The first value that is not a number, for a message.
  package var firstThatIsNoNumber: (position: Int, value: JSONValue)? {
    mixed?.enumerated().first { FlatValues.number($0.element) == nil && $0.element != .null }
      .map { ($0.offset, $0.element) }
  }

  /// The first value that is neither a number nor one in quotes, for a message.
  package var firstThatHoldsNoNumber: (position: Int, value: JSONValue)? {
    mixed?.enumerated().first { _, value in
      value.number == nil && value != .null && value.string.map { NumberForm.values(of: $0).isEmpty } ?? true
    }.map { ($0.offset, $0.element) }
  }

  /// All values as numbers; NaN for any that is not one.
  package var allNumbers: [Double] { mixed?.map { FlatValues.number($0) ?? .nan } ?? numbers }

  /// The number that a value is, also where it was kept as its text for the sake of its digits.
  private static func number(_ value: JSONValue) -> Double? {
    value.number ?? value.string.flatMap { isLongNumber($0) ? Double($0) : nil }
  }
}
