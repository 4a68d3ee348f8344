// SPDX-License-Identifier: Apache-2.0
//
// NumberChunk: some numbers of a column, in the fewest bytes that hold them exactly.
//
// The numbers of a table are seldom 64 bits worth: a pixel has 8, a count 16, a price with two decimals 32.
// A number m / 10ᵏ with few digits is kept as the whole number m, for the quotient of two numbers that a
// Double holds exactly is rounded correctly, and so is the number that was read: they are the same. That is
// checked for every number before it is kept that way.
//
// Before    DataError.swift     After    Numbers.swift
// Source    Clinger, "How to Read Floating Point Numbers Accurately" (1990), for why the quotient is exact

import SwiftletFormats

/// Up to ``Numbers/chunkSize`` numbers.
struct NumberChunk: Sendable {
  private enum Storage {
    /// From 0 to 255, none missing.
    case bytes([UInt8])
    /// The smallest value means missing.
    case shorts([Int16])
    case words([Int32])
    /// NaN is missing.
    case doubles([Double])
  }

  private let storage: Storage
  /// The decimal places k of the whole numbers that are kept.
  let places: Int
  /// 10ᵏ, by which they are divided.
  private let divisor: Double

  /// Keeps numbers.
  ///
  /// - Parameters:
  ///   - numbers: NaN is missing. Zero loses its sign.
  ///   - places: The number of decimal places they are probably written with: a good guess saves memory, and a wrong
  ///     one changes no number.
  init(_ numbers: UnsafeBufferPointer<Double>, places: Int) {
    self.places = places > 0 && places <= 9 ? places : 0
    let power = powersOfTen[self.places]
    divisor = power
    var (smallest, largest) = (Int32.max, Int32.min)
    var (unequalCount, missingCount) = (0, 0)
    // One loop without a branch, of which the compiler makes several numbers at a time.
    var whole = [Int32](unsafeUninitializedCapacity: numbers.count) { whole, count in
      count = numbers.count
      guard let number = numbers.baseAddress, let whole = whole.baseAddress else { return }
      for i in 0..<count {
        let x = number[i]
        let m = NumberChunk.nearest(x * power)
        whole[i] = m
        smallest = min(smallest, m)
        largest = max(largest, m)
        unequalCount &+= Double(m) / power == x ? 0 : 1
        missingCount &+= x == x ? 0 : 1  // NaN alone does not equal itself
      }
    }
    guard unequalCount == missingCount, smallest > .min else {
      storage = .doubles(numbers.map { $0 == 0 ? 0 : $0 })
      return
    }
    if missingCount > 0 {
      for (i, number) in numbers.enumerated() where number.isNaN { whole[i] = .min }
    }
    if missingCount == 0, smallest >= 0, largest <= 255 {
      storage = .bytes(NumberChunk.narrowed(whole) { UInt8(truncatingIfNeeded: $0) })
    } else if smallest > Int32(Int16.min), largest <= Int32(Int16.max) {
      storage = .shorts(NumberChunk.narrowed(whole) { $0 == .min ? .min : Int16(truncatingIfNeeded: $0) })
    } else {
      storage = .words(whole)
    }
  }

  private static func narrowed<Narrow>(_ whole: [Int32], _ narrow: (Int32) -> Narrow) -> [Narrow] {
    [Narrow](unsafeUninitializedCapacity: whole.count) { target, count in
      count = whole.count
      for i in 0..<count { target[i] = narrow(whole[i]) }
    }
  }

  /// The nearest whole number, as long as there is one of 32 bits; anything otherwise.
  ///
  /// Where 2⁵² + 2⁵¹ is added to a number, the last bit of the sum stands for 1, and the lower bits are the
  /// whole number. No branch, and no trap for a number that is too large.
  @inline(__always) private static func nearest(_ number: Double) -> Int32 {
    Int32(truncatingIfNeeded: (number + 0x1.8p52).bitPattern)
  }

  var count: Int {
    switch storage {
    case .bytes(let numbers): numbers.count
    case .shorts(let numbers): numbers.count
    case .words(let numbers): numbers.count
    case .doubles(let numbers): numbers.count
    }
  }

  /// How many bytes one number takes.
  var width: Int {
    switch storage {
    case .bytes: 1
    case .shorts: 2
    case .words: 4
    case .doubles: 8
    }
  }

  /// The numbers at some positions, written one behind the other.
  ///
  /// - Parameter target: Room for as many numbers as there are positions.
  @inline(__always)
  func write(_ positions: some Sequence<Int>, to target: UnsafeMutablePointer<Double>) {
    var target = target
    func writeAll(_ number: (Int) -> Double) {
      for position in positions {
        target.pointee = number(position)
        target += 1
      }
    }
    switch storage {
    case .bytes(let numbers): writeAll { Double(numbers[$0]) / divisor }
    case .shorts(let numbers): writeAll { numbers[$0] == .min ? .nan : Double(numbers[$0]) / divisor }
    case .words(let numbers): writeAll { numbers[$0] == .min ? .nan : Double(numbers[$0]) / divisor }
    case .doubles(let numbers): writeAll { numbers[$0] }
    }
  }

  subscript(position: Int) -> Double {
    switch storage {
    case .bytes(let numbers): Double(numbers[position]) / divisor
    case .shorts(let numbers): numbers[position] == .min ? .nan : Double(numbers[position]) / divisor
    case .words(let numbers): numbers[position] == .min ? .nan : Double(numbers[position]) / divisor
    case .doubles(let numbers): numbers[position]
    }
  }
}
