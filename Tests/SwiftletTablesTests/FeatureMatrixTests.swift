// SPDX-License-Identifier: Apache-2.0

import SwiftletTables
import SwiftletTensors
import SwiftletTestSupport
import Testing

@Suite("Feature matrices")
struct FeatureMatrixTests {
  private let images = ImageColumn(height: 1, width: 4, bytes: [0, 51, 102, 255, 7, 7, 7, 7, 1, 3, 1, 3])

  @Test("pictures become numbers by hand: unit, none, and each with mean 0 and deviation 1")
  func scales() {
    func rows(_ scale: ImageScale) -> Tensor { FeatureMatrix.images(images, scale: scale).rows(0..<3) }
    expectClose(rows(.unit).rows(0..<1), Tensor([[0, 0.2, 0.4, 1]]))
    expectClose(rows(.none).rows(0..<1), Tensor([[0, 51, 102, 255]]))
    // 1, 3, 1, 3 has mean 2 and deviation 1; a blank picture becomes zeros and no division by zero.
    expectClose(rows(.perImage).rows(1..<3), Tensor([[0, 0, 0, 0], [-1, 1, -1, 1]]))
  }

  @Test("rows by index, in any order and repeated, are the rows of the whole", arguments: ImageScale.allCases)
  func gathered(scale: ImageScale) {
    let matrix = FeatureMatrix.images(images, scale: scale)
    let dense = FeatureMatrix.dense(matrix.rows(0..<3))
    let indices: [Int32] = [2, 0, 2, 1]
    #expect(matrix.gathered(indices[...]) == dense.gathered(indices[...]))
    #expect(matrix.gathered(indices[1...2]) == dense.gathered(indices[1...2]))
    #expect(matrix.gathered([]).shape == [0, 4])
    #expect(matrix.rowCount == 3 && matrix.width == 4 && dense.rowCount == 3 && dense.width == 4)
  }

  @Test("rows of a table are taken with their pictures")
  func selecting() throws {
    let table = try Table([
      Column(name: "image", type: .image, values: .images(images)),
      Column(name: "n", type: .number, values: .numbers([1, .nan, 3])),
    ])
    let selected = table.selecting(rows: [2, 0])
    #expect(selected.rowCount == 2)
    #expect(
      selected["image"]?.values == .images(ImageColumn(height: 1, width: 4, bytes: [1, 3, 1, 3, 0, 51, 102, 255])))
    #expect(selected["n"]?.values == .numbers([3, 1]))
    #expect(table.selecting(rows: []).rowCount == 0)
    #expect { try Table(table.columns + [Column(name: "m", type: .number, values: .numbers([1]))]) } throws: {
      "\($0)".contains("must be equally long")
    }
  }
}

@Suite("Joining a training and a test table")
struct JoiningTests {
  private func column(_ type: ColumnType, _ values: Column.Values) throws -> Table {
    try Table([Column(name: "a", type: type, values: values)])
  }

  @Test("booleans stay booleans when one part has a single value, whatever the spelling's order")
  func booleans() throws {
    let train = try column(.boolean, .codes([0, 1], categories: ["no", "YES"]))
    let test = try column(.category, .codes([0, -1], categories: ["YES"]))
    let joined = try Table.joined(train, test)
    #expect(joined.columns[0].type == .boolean)
    #expect(joined.columns[0].values == .codes([0, 1, 1, -1], categories: ["no", "YES"]))
    #expect(try Table.joined(test, train).columns[0].values == .codes([1, -1, 0, 1], categories: ["no", "YES"]))
  }

  @Test("a third value in one part makes categories of booleans")
  func thirdValue() throws {
    let train = try column(.boolean, .codes([0, 1], categories: ["no", "yes"]))
    let test = try column(.category, .codes([0, 1], categories: ["maybe", "no"]))
    let joined = try Table.joined(train, test).columns[0]
    #expect(joined.type == .category)
    #expect((0..<4).map { joined.text(at: $0) } == ["no", "yes", "maybe", "no"])
  }

  @Test("a part without any value takes the type of the other")
  func noValues() throws {
    let train = try column(.category, .codes([0, 1], categories: ["u", "v"]))
    let test = try column(.number, .numbers([.nan]))
    #expect(try Table.joined(train, test).columns[0].values == .codes([0, 1, -1], categories: ["u", "v"]))
    #expect(try Table.joined(test, train).columns[0].type == .category)
  }

  @Test("numbers and words under one name are refused, as are other columns")
  func refusals() throws {
    let train = try column(.category, .codes([0], categories: ["u"]))
    #expect { try Table.joined(train, try column(.number, .numbers([1]))) } throws: {
      "\($0)" == "The column \"a\" is category in the training file and number in the test file."
    }
    let other = try Table([Column(name: "b", type: .number, values: .numbers([1]))])
    #expect { try Table.joined(train, other) } throws: { "\($0)".contains("have different columns") }
  }
}
