// SPDX-License-Identifier: Apache-2.0
//
// NumbersBuilder: numbers that come one after another, packed chunk by chunk.
//
// Before    Numbers.swift     After    ImageColumn.swift

import SwiftletFormats

/// Collects the numbers of a column.
final class NumbersBuilder {
  private var numbers = Numbers()
  /// The chunk that is not full yet. It has room for as many as came at most, so that a table of few rows
  /// and many columns stays small.
  private var open = UnsafeMutableBufferPointer<Double>.allocate(capacity: 16)
  private var openCount = 0
  /// Of the numbers in the open chunk; whether they are whole, of all numbers.
  private var spelling = NumberSpelling()
  /// The decimal places to begin every chunk with.
  private let places: Int

  init(places: Int = 0) {
    self.places = places
    spelling.places = places
  }

  deinit { open.deallocate() }

  /// Whether every number was written as a whole number in its shortest spelling.
  var isCanonical: Bool { spelling.isShortestWhole }

  /// Adds a number with its spelling.
  func append(_ number: WrittenNumber) {
    spelling.add(number)
    append(number.value)
  }

  /// Adds a number, or NaN for a missing one.
  func append(_ number: Double) {
    makeRoom()
    open[openCount] = number
    openCount += 1
  }

  /// Adds a column's cells for as long as they are numbers.
  ///
  /// - Returns: The record at which it ended: behind the last one, or at one whose cell is something else.
  func append(_ batch: CSVBatch, _ column: Int, from first: Int) -> Int {
    var record = first
    while record < batch.recordCount {
      makeRoom()
      guard let base = open.baseAddress else { return record }
      // In bounds: no more records are read than there is room behind the open numbers.
      let last = min(batch.recordCount, record + open.count - openCount)
      let end = batch.readNumbers(column, of: record..<last, into: base + openCount, &spelling)
      openCount += end - record
      record = end
      if end < last { break }
    }
    return record
  }

  /// Makes room for one more number at least.
  private func makeRoom() {
    guard openCount == open.count else { return }
    if openCount == Numbers.chunkSize { return close() }
    let larger = UnsafeMutableBufferPointer<Double>.allocate(capacity: min(2 * open.count, Numbers.chunkSize))
    _ = larger.moveInitialize(fromContentsOf: open)
    open.deallocate()
    open = larger
  }

  private func close() {
    guard openCount > 0 else { return }
    numbers.append(
      NumberChunk(UnsafeBufferPointer(rebasing: open[..<openCount]), places: spelling.places))
    openCount = 0
    spelling.places = places
  }

  /// All numbers so far.
  func finish() -> Numbers {
    close()
    return numbers
  }
}
