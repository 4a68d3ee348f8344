// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import SwiftletTables
import SwiftletTensors
import Testing

private func numbers(_ values: [Double]) throws -> Table {
  try Table([
    Column(name: "x", type: .number, values: .numbers(Numbers(values))),
    Column(name: "y", type: .number, values: .numbers(Numbers(values.indices.map { Double($0) }))),
  ])
}

@Suite("What the pipeline refuses")
struct PipelineRefusalTests {
  @Test(
    "a column that 32-bit numbers cannot hold is left out with a warning, and the model can be loaded again",
    arguments: [
      ([1e-40, 2e-40], PipelineOptions.NumericScale.standard), ([-1.7e308, 1.7e308], .minmax),
      ([1.5e308, 1.6e308, 1.7e308], .standard), ([1, 1e300], .none), ([1e-50, 3e-50], .minmax),
      ([1e-180, 3e-180], .standard), ([1e300, 2e300], .standard),
    ])
  func outOfRange(values: [Double], scale: PipelineOptions.NumericScale) throws {
    var options = PipelineOptions()
    options.numericScale = scale
    let (pipeline, warnings) = try Pipeline.fit(try numbers(values), options)
    #expect(pipeline.columnNames == ["y"])
    #expect(warnings.count == 1 && warnings[0].contains("\"x\" has values too large or too close together"))
    #expect(try Pipeline(json: try JSONValue.parse(pipeline.json.encoded(), name: "t")) == pipeline)
  }

  @Test("columns that tell nothing are named, and where none is left the error says why")
  func nothingLeft() throws {
    let t = try Table([
      Column(name: "k", type: .number, values: .numbers([5, 5, .nan])),
      Column(name: "none", type: .number, values: .numbers([.nan, .nan, .nan])),
      Column(name: "one", type: .category, values: .codes([0, 0, 0], categories: ["a"])),
      Column(name: "same", type: .boolean, values: .codes([1, 1, -1], categories: ["no", "yes"])),
      Column(name: "words", type: .text, values: .codes([0, 1, 2], categories: ["a", "b", "c"])),
    ])
    #expect { try Pipeline.fit(t) } throws: { error in
      let said = "\(error)"
      return said.hasPrefix("No feature is left to learn from.")
        && said.contains("\"k\" is 5 in every training row") && said.contains("\"none\" has no value")
        && said.contains("\"one\" has one category") && said.contains("\"same\" is the same in every training row")
        && said.contains("\"words\" is text") && said.contains("Every row has its own")
    }
  }

  @Test("a table without a column, or with another type there, is refused with the nearest name")
  func otherTables() throws {
    let pipeline = try Pipeline.fit(try numbers([1, 2, 4])).0
    let renamed = try Table([
      Column(name: "X", type: .number, values: .numbers([1])), Column(name: "y", type: .number, values: .numbers([1])),
    ])
    #expect { try pipeline.transform(renamed) } throws: { "\($0)".contains("Did you mean \"X\"?") }
    let text = try Table([
      Column(name: "x", type: .category, values: .codes([0], categories: ["big"])), renamed.columns[1],
    ])
    #expect { try pipeline.transform(text) } throws: {
      "\($0)" == "The column \"x\" is category, and the model was trained with number there."
    }
    // A column without any value has no type of its own, and is filled.
    let empty = try Table([
      Column(name: "x", type: .category, values: .codes([-1], categories: [])), renamed.columns[1],
    ])
    #expect(try pipeline.transform(empty).features.rowCount == 1)
  }

  @Test("images of another size, and images beside columns, are refused")
  func images() throws {
    let picture = Column(
      name: "image", type: .image, values: .images(ImageColumn(height: 1, width: 2, bytes: [0, 255, 1, 2])))
    let pipeline = try Pipeline.fit(try Table([picture])).0
    let other = Column(name: "image", type: .image, values: .images(ImageColumn(height: 2, width: 1, bytes: [0, 255])))
    #expect { try pipeline.transform(try Table([other])) } throws: {
      "\($0)".hasPrefix("The model needs images of 1 by 2 pixels")
    }
    let mixed = try Table([picture, Column(name: "x", type: .number, values: .numbers([1, 2]))])
    #expect { try Pipeline.fit(mixed) } throws: { "\($0)".contains("from images or from columns, not from both") }
  }

  @Test("a loaded pipeline whose every value was replaced by each of many others throws, or still prepares rows")
  func hostileJSON() throws {
    let table = try Table([
      Column(name: "x", type: .number, values: .numbers([1, 2, .nan])),
      Column(name: "c", type: .category, values: .codes([0, 1, -1], categories: ["a", "b"])),
      Column(name: "b", type: .boolean, values: .codes([0, 1, -1], categories: ["no", "yes"])),
    ])
    let json = try Pipeline.fit(table).0.json
    let planted: [JSONValue] = [
      .null, .bool(true), -1, 0, 0.5, 1e38, 1e308, -1e308, .number(.infinity), .number(.nan), "", "x", "image", "text",
      [], ["a", "a"], ["a", 1], [:], .number(9.3e18),
    ]
    var loaded = 0
    var refused = 0
    for value in planted {
      for changed in replacements(in: json, by: value) {
        do {
          let pipeline = try Pipeline(json: changed)
          loaded += 1
          _ = try? pipeline.transform(table)
        } catch is DataError {
          refused += 1
        }
      }
    }
    #expect(loaded > 0 && refused > 100)
  }

  /// Every way to replace one value, at any depth.
  private func replacements(in json: JSONValue, by value: JSONValue) -> [JSONValue] {
    var found = [value]
    switch json {
    case .array(let elements):
      for i in elements.indices {
        for inner in replacements(in: elements[i], by: value) {
          var copy = elements
          copy[i] = inner
          found.append(.array(copy))
        }
      }
    case .object(let members):
      for i in members.indices {
        for inner in replacements(in: members[i].value, by: value) {
          var copy = members
          copy[i].value = inner
          found.append(.object(copy))
        }
      }
    default: break
    }
    return found
  }
}
