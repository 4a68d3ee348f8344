// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import SwiftletTensors
import Testing

@testable import SwiftletTables

@Suite("Columns of numbers")
struct NumbersTests {
  /// Numbers of one kind, some missing: whole and small, with decimals, large, and written to the last digit.
  private func random(_ generator: inout Generator, count: Int) -> [Double] {
    let (kind, missing) = (generator.below(7), generator.below(2) == 0)
    return (0..<count).map { _ in
      if missing, generator.below(5) == 0 { return .nan }
      switch kind {
      case 0: return Double(generator.below(256))
      case 1: return Double(generator.below(70_000) - 35_000)
      case 2: return Double(generator.below(1000)) / 10
      case 3: return Double(generator.below(2_000_000_000) - 1_000_000_000) / 1_000_000
      case 4: return Double(Int32.min) + Double(generator.below(3))
      case 5: return generator.uniform()
      default: return [0, -0.0, 255, 256, -1, 0x1p31, -0x1p31, 1e300, 0.1, .infinity][generator.below(10)]
      }
    }
  }

  @Test("are the numbers that were put in, whatever they are kept as", arguments: UInt64(0)..<120)
  func exact(seed: UInt64) {
    var generator = Generator(seed: seed)
    let values = random(&generator, count: generator.below(3000))
    for places in [0, 1, 2, 6, 9, 15] {
      let numbers = Numbers(values, places: places)
      #expect(numbers.count == values.count)
      // Bit for bit, but for the sign of zero.
      let wrong = zip(numbers, values).first { !($0 == $1 || ($0.isNaN && $1.isNaN)) }
      #expect(wrong == nil)
      #expect(numbers.allSatisfy { $0 != 0 || $0.sign == .plus })
      #expect(numbers == Numbers(values))
    }
  }

  @Test("take one byte for a pixel, two or four for a few decimals, eight for all digits")
  func width() {
    func bytes(_ values: [Double], places: Int = 0) -> Int { Numbers(values, places: places).byteCount }
    #expect(bytes([0, 255]) == 2)
    #expect(bytes([0, 256]) == 4)
    #expect(bytes([0, .nan]) == 4)  // a byte has no value left that could mean missing
    #expect(bytes([-32_767, 32_767]) == 4)
    #expect(bytes([-32_768, 0]) == 8)  // the smallest value means missing
    #expect(bytes([0.25, 1.5], places: 2) == 2)
    #expect(bytes([0.1234, 3.2768], places: 4) == 8)
    #expect(bytes([0.1, 0.2]) == 16)  // nobody has said that there are decimals
    #expect(bytes([1_700_000_000, 1_700_000_001]) == 8)
    #expect(bytes([17_000_000_000, 1]) == 16)
    #expect(bytes([-2_147_483_648]) == 8)
  }

  @Test("give the numbers of any rows, in any order", arguments: UInt64(0)..<20)
  func gathered(seed: UInt64) {
    var generator = Generator(seed: seed)
    let values = random(&generator, count: 2500)
    let numbers = Numbers(values, places: 6)
    let rows = (0..<400).map { _ in Int32(generator.below(2500)) }
    for rows in [rows, rows.sorted(), [], [2499, 0, 1024, 1023]] {
      #expect(Numbers(numbers.gathered(rows[...])) == Numbers(rows.map { values[Int($0)] }))
      #expect(numbers.selecting(rows) == Numbers(rows.map { values[Int($0)] }))
    }
    #expect(Numbers.joined(numbers, numbers) == Numbers(values + values))
  }

  @Test("equal each other where both are missing, and nowhere else")
  func equality() {
    #expect(Numbers([1, .nan]) == [1, .nan])
    #expect(Numbers([1, .nan]) != [.nan, 1])
    #expect(Numbers([1, .nan]) != [1, 0])
    #expect(Numbers([1]) != [1, .nan])
  }

  @Test("come from a CSV as they are written, in as few bytes")
  func fromCSV() throws {
    let rows = (0..<2000).map { "\($0 % 256),0.\($0 % 10)\($0 % 7),\($0 % 3 == 0 ? "NA" : "\($0)"),0.1234567890123456" }
    let text = "pixel,share,count,exact\n" + rows.joined(separator: "\n")
    let table = try TableReader().readCSV(.memory(Array(text.utf8), name: "t.csv"))
    let expected: [(String, (Int) -> Double, Int)] = [
      ("pixel", { Double($0 % 256) }, 1), ("share", { Double($0 % 10 * 10 + $0 % 7) / 100 }, 1),
      ("count", { $0 % 3 == 0 ? .nan : Double($0) }, 2), ("exact", { _ in 0.1234567890123456 }, 8),
    ]
    for (name, value, width) in expected {
      guard case .numbers(let numbers) = table[name]?.values else {
        Issue.record("\(name) is no column of numbers")
        return
      }
      #expect(numbers == Numbers((0..<2000).map(value)))
      #expect(numbers.byteCount == 2000 * width)
    }
    #expect(table["pixel"]?.isCanonical == true)
    #expect(table["share"]?.isCanonical == false)
  }

  @Test("a wide table, whose columns are shared among threads, is read in order and blames its first fault")
  func wide() throws {
    let (rowCount, columnCount) = (300, 200)
    func text(_ fault: [Int: Int]) -> String {
      ((0..<columnCount).map { "c\($0)" }.joined(separator: ",") + "\n")
        + (0..<rowCount).map { row in
          (0..<columnCount).map { fault[row] == $0 ? "x" : "\(row * 7 + $0)" }.joined(separator: ",") + "\n"
        }.joined()
    }
    let types = Dictionary(uniqueKeysWithValues: (0..<columnCount).map { ("c\($0)", ColumnType.number) })
    func read(_ text: String) throws -> Table {
      try TableReader(types: types).readCSV(.memory(Array(text.utf8), name: "t.csv"))
    }
    let table = try read(text([:]))
    for column in 0..<columnCount {
      #expect(table.columns[column].values == .numbers(Numbers((0..<rowCount).map { Double($0 * 7 + column) })))
    }
    // The last columns are another thread's; the first row is to be blamed all the same.
    #expect { try read(text([250: 3, 120: 190, 121: 2])) } throws: {
      "\($0)" == "t.csv, line 122, column 191 (\"c190\"): expected a number, found \"x\"."
    }
  }

  @Test("the median is the middle of the sorted numbers", arguments: UInt64(0)..<200)
  func medianTwin(seed: UInt64) {
    var generator = Generator(seed: seed)
    let distinct = 1 + generator.below(50)
    var values = (0..<1 + generator.below(200)).map { _ in Double(generator.below(distinct)) - 10 }
    if seed % 3 == 0 { values.sort() }
    if seed % 7 == 0 { values.reverse() }
    let sorted = values.sorted()
    let middle = values.count / 2
    #expect(median(&values) == (values.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2))
  }

  @Test("a pipeline sees the same in some rows of a table as in a table of these rows", arguments: UInt64(0)..<10)
  func rows(seed: UInt64) throws {
    var generator = Generator(seed: seed)
    let names = ["a", "b", "c"]
    let codes = (0..<500).map { _ in Int32(generator.below(4)) - 1 }
    let table = try Table([
      Column(
        name: "n", type: .number, values: .numbers(Numbers((0..<500).map { $0 % 9 == 0 ? .nan : Double($0 % 37) }))),
      Column(name: "c", type: .category, values: .codes(codes, categories: names)),
      Column(name: "b", type: .boolean, values: .codes(codes.map { min($0, 1) }, categories: ["no", "yes"])),
    ])
    let rows = (0..<300).map { _ in Int32(generator.below(500)) }
    let some = table.selecting(rows: rows)
    let (pipeline, warnings) = try Pipeline.fit(table, rows: rows)
    let (twin, twinWarnings) = try Pipeline.fit(some)
    #expect(pipeline == twin)
    #expect(warnings == twinWarnings)
    let (features, unseen) = try pipeline.transform(table, rows: rows)
    let (twinFeatures, twinUnseen) = try pipeline.transform(some)
    #expect(unseen == twinUnseen)
    #expect(features.rows(0..<300).scalars == twinFeatures.rows(0..<300).scalars)
  }
}
