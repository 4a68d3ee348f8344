// SPDX-License-Identifier: Apache-2.0
//
// Numbers: the values of a column of numbers.
//
// It reads as a list of Doubles. Inside it is a list of chunks, each in the fewest bytes that hold its numbers exactly: a
// table of pixels takes a quarter of the memory of its features, and reading one never holds more than a chunk of each
// column as Doubles. Growing a column copies nothing.
//
// Before    NumberChunk.swift     After    NumbersBuilder.swift

import SwiftletFormats

/// Numbers, of which some may be missing: those are NaN. Zero has no sign.
public struct Numbers: Sendable, RandomAccessCollection, ExpressibleByArrayLiteral {
  /// The number of numbers in every chunk but the last.
  static let chunkSize = 1024

  private var chunks: [NumberChunk] = []
  public private(set) var count = 0

  /// No numbers.
  public init() {}

  /// The numbers of a sequence, in its order.
  public init(_ numbers: some Sequence<Double>) { self.init(numbers, places: 0) }

  /// Packs numbers that are written with some decimal places, as far as is known.
  init(_ numbers: some Sequence<Double>, places: Int) {
    let builder = NumbersBuilder(places: places)
    for number in numbers { builder.append(number) }
    self = builder.finish()
  }

  public init(arrayLiteral numbers: Double...) { self.init(numbers) }

  /// Adds a chunk. All before it are full.
  mutating func append(_ chunk: NumberChunk) {
    chunks.append(chunk)
    count += chunk.count
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  public subscript(position: Int) -> Double { chunks[position / Numbers.chunkSize][position % Numbers.chunkSize] }

  /// The most decimal places that the numbers are kept with.
  private var places: Int { chunks.lazy.map(\.places).max() ?? 0 }

  /// The numbers of some rows, in that order.
  func selecting(_ rows: [Int32]) -> Numbers { Numbers(gathered(rows[...]), places: places) }

  /// The numbers of one column after those of another.
  static func joined(_ a: Numbers, _ b: Numbers) -> Numbers {
    Numbers([a, b].joined(), places: Swift.max(a.places, b.places))
  }

  /// The distinct numbers among those that are present, or `nil` if there are more than a few: then the
  /// search stops.
  package func distinct(atMost limit: Int) -> Set<Double>? {
    var distinct: Set<Double> = []
    var last = Double.nan
    for number in self where number != last && !number.isNaN {
      last = number
      distinct.insert(number)
      if distinct.count > limit { return nil }
    }
    return distinct
  }

  /// How many bytes the numbers take.
  package var byteCount: Int { chunks.reduce(0) { $0 + $1.count * $1.width } }

  /// The numbers of some rows, all at once. Rows in ascending order are fastest.
  package func gathered(_ rows: ArraySlice<Int32>) -> [Double] {
    [Double](unsafeUninitializedCapacity: rows.count) { target, count in
      if let base = target.baseAddress { gather(rows, into: base) }
      count = rows.count
    }
  }

  /// Writes the numbers of some rows one behind the other.
  ///
  /// - Parameter target: Room for as many numbers.
  func gather(_ rows: ArraySlice<Int32>, into target: UnsafeMutablePointer<Double>) {
    var target = target
    var start = rows.startIndex
    while start < rows.endIndex {
      // As many rows as lie in one chunk.
      let chunk = Int(rows[start]) / Numbers.chunkSize
      let (first, last) = (chunk * Numbers.chunkSize, (chunk + 1) * Numbers.chunkSize)
      var end = start + 1
      while end < rows.endIndex, Int(rows[end]) >= first, Int(rows[end]) < last { end += 1 }
      chunks[chunk].write(rows[start..<end].lazy.map { Int($0) - first }, to: target)
      target += end - start
      start = end
    }
  }
}

extension Numbers: Equatable {
  /// Missing values are equal to each other, as no NaNs are.
  public static func == (a: Numbers, b: Numbers) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
  }
}
