// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import SwiftletTables
import SwiftletTensors
import SwiftletTestSupport
import Testing

private func table(_ text: String, types: [String: ColumnType] = [:]) throws -> Table {
  try TableReader(types: types).readCSV(.memory(Array(text.utf8), name: "t.csv"))
}

@Suite("Reading tables")
struct TableReadingTests {
  @Test("infers number, boolean, category and missing values over the whole column")
  func inference() throws {
    let t = try table("n,b,c,late,empty\n1,true,x,1,\n2.5,False,y,2,NA\n?,TRUE,,x,null\n")
    #expect(t.columns.map(\.type) == [.number, .boolean, .category, .category, .number])
    #expect(t["n"]?.missingCount == 1)
    #expect(t["late"]?.text(at: 0) == "1")  // taken for a number at first, and read again
    #expect(t["empty"]?.missingCount == 3)
    #expect(try table("b\ntrue\nfalse\n")["b"]?.type == .boolean)
    #expect(try table("b\nno\nyes\n")["b"]?.values == .codes([0, 1], categories: ["no", "yes"]))
  }

  @Test("takes many distinct texts for text")
  func texts() throws {
    let t = try table("t\n" + (0..<100).map { "word\($0)\n" }.joined())
    #expect(t["t"]?.type == .text)
  }

  @Test("keeps the spelling of numbers that are read as categories")
  func spelling() throws {
    let t = try table("c\n01\n1\n2.0\n", types: ["c": .category])
    #expect((0..<3).map { t["c"]?.text(at: $0) } == ["01", "1", "2.0"])
    #expect(try table("c\n1\n2.0\n")["c"]?.isCanonical == false)
    #expect(try table("c\n1\n-20\n0\n")["c"]?.isCanonical == true)
  }

  @Test("says which cell does not fit")
  func refusals() {
    #expect { try table("a,b\n1,2\n3,x\n", types: ["b": .number]) } throws: {
      "\($0)" == "t.csv, line 3, column 2 (\"b\"): expected a number, found \"x\"."
    }
    #expect { try table("a\n1e999\n") } throws: {
      "\($0)" == "t.csv, line 2, column 1 (\"a\"): the number \"1e999\" is too large."
    }
    #expect { try table("price\n1\n", types: ["prise": .number]) } throws: {
      "\($0)".contains("Did you mean \"price\"?")
    }
  }

  @Test("reads JSON Lines with members in any order, or absent")
  func jsonLines() throws {
    let t = try TableReader().readJSONLines(
      .memory(Array("{\"a\": 1, \"b\": \"x\"}\n{\"b\": \"y\", \"c\": true}\n{\"a\": null}".utf8), name: "t"))
    #expect(t.columnNames == ["a", "b", "c"])
    #expect(t["a"]?.missingCount == 2)
    #expect(t["b"]?.text(at: 1) == "y")
    #expect(t["c"]?.text(at: 1) == "true")
  }
}

@Suite("The pipeline")
struct PipelineTests {
  private let training = "x,c,b,k\n1,red,no,5\n3,blue,yes,5\n,red,no,5\n8,,yes,5\n"

  @Test("agrees with values worked by hand")
  func byHand() throws {
    // x: the median of 1, 3, 8 is 3; 1, 3, 3, 8 have mean 3.75 and variance (7.5625 + 0.5625 + 0.5625 + 18.0625)/4 = 6.6875.
    let (pipeline, warnings) = try Pipeline.fit(try table(training))
    #expect(pipeline.featureNames == ["x", "c=blue", "c=red", "c=missing", "b"])
    #expect(warnings == ["\"k\" is 5 in every training row and was left out."])
    guard case .dense(let features) = try pipeline.transform(try table(training)).features else { return }
    let s = Float(6.6875).squareRoot()
    expectClose(
      features,
      Tensor([[-2.75 / s, 0, 1, 0, 0], [-0.75 / s, 1, 0, 0, 1], [-0.75 / s, 0, 1, 0, 0], [4.25 / s, 0, 0, 1, 1]]))
  }

  @Test("reads an unseen category as zeros, and counts it")
  func unseen() throws {
    let pipeline = try Pipeline.fit(try table(training)).0
    let (features, unseen) = try pipeline.transform(try table("x,c,b\n2,green,no\n2,red,yes\n"))
    #expect(unseen == 1)
    guard case .dense(let tensor) = features else { return }
    #expect(tensor.rows(0..<1).scalars[1...3] == [0, 0, 0])
  }

  @Test("scales to 0…1, fills with a constant, and drops rare categories")
  func options() throws {
    var options = PipelineOptions()
    (options.numericScale, options.numericImpute, options.minimumCount) = (.minmax, .constant(1), 2)
    let pipeline = try Pipeline.fit(try table("x,c\n1,a\n3,a\n,b\n5,d\n2,d\n"), options).0
    #expect(pipeline.featureNames == ["x", "c=a", "c=d"])
    guard case .dense(let features) = try pipeline.transform(try table("x,c\n3,a\n,b\n")).features else { return }
    expectClose(features, Tensor([[0.5, 1, 0], [0, 0, 0]]))
  }

  @Test("gives the same numbers on the fast path for rows of numbers", arguments: UInt64(0)..<5)
  func fastPathTwin(seed: UInt64) throws {
    var generator = Generator(seed: seed)
    let rows = (0..<20).map { _ in
      (0..<3).map { _ in generator.below(7) == 0 ? Double.nan : generator.normal() * 100 + 7 }
    }
    let columns = (0..<3).map { k in Column(name: "c\(k)", type: .number, values: .numbers(Numbers(rows.map { $0[k] })))
    }
    let t = try Table(columns)
    let pipeline = try Pipeline.fit(t).0
    guard case .dense(let slow) = try pipeline.transform(t).features else { return }
    var fast = Array(repeating: Float(0), count: 60)
    let bareRows = try #require(BareRows(pipeline))
    rows.flatMap { $0 }.withUnsafeBufferPointer { rows in
      fast.withUnsafeMutableBufferPointer { bareRows.transform(rows, into: $0) }
    }
    #expect(fast == slow.scalars)
  }

  @Test(
    "survives its JSON, and refuses what no fit can have produced",
    arguments: [
      "null", "[]", "[{}]", #"[{"name": "x", "type": "number"}]"#,
      #"[{"name": "x", "type": "number", "fill": 1, "offset": 0, "factor": 1e300}]"#,
      #"[{"name": "c", "type": "category", "categories": []}]"#,
      #"[{"name": "c", "type": "category", "categories": ["a", "a"]}]"#,
      #"[{"name": "b", "type": "boolean", "spellings": ["a"], "fill": 0}]"#,
      #"[{"name": "b", "type": "boolean", "spellings": ["a", "b"], "fill": 2}]"#,
      #"[{"name": "i", "type": "image", "height": 0, "width": 3, "scale": "unit"}]"#,
      #"[{"name": "t", "type": "text"}]"#,
    ])
  func json(hostile: String) throws {
    let pipeline = try Pipeline.fit(try table(training)).0
    #expect(try Pipeline(json: try JSONValue.parse(pipeline.json.encoded(), name: "t")) == pipeline)
    #expect(throws: DataError.self) { try Pipeline(json: try JSONValue.parse(hostile, name: "t")) }
  }
}
