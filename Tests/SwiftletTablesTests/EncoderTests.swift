// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import SwiftletTensors
import Testing

@testable import SwiftletTables

private func table(_ text: String, types: [String: ColumnType] = [:]) throws -> Table {
  try TableReader(types: types).readCSV(.memory(Array(text.utf8), name: "t.csv"))
}

/// The features of a table by a pipeline that was fitted on it.
private func features(_ table: Table, _ set: (inout PipelineOptions) -> Void = { _ in }) throws -> [Float] {
  var options = PipelineOptions()
  set(&options)
  return try Pipeline.fit(table, options).0.transform(table).features.rows(0..<table.rowCount).scalars
}

@Suite("Encoders")
struct EncoderTests {
  @Test("the table names the encoders of each type, and text has none")
  func list() {
    #expect(Encoders.encodings(of: .category).first == "one_hot")
    #expect(Encoders.encodings(of: .number).first == "number")
    #expect(Encoders.encodings(of: .text).isEmpty)
    let names = Encoders.all.map { "\($0.type) \($0.encoding)" }
    #expect(Set(names).count == names.count)
  }

  @Test("an unknown encoding in a bundle is refused with those that are known")
  func unknownEncoding() throws {
    let json: JSONValue = [["name": "c", "type": "category", "encode": "hash", "categories": ["a", "b"]]]
    #expect { try Pipeline(json: json) } throws: {
      "\($0)".hasPrefix("The column \"c\" of the pipeline needs one of these as encode: one_hot")
    }
    let named: JSONValue = [["name": "c", "type": "category", "encode": "one_hot", "categories": ["a", "b"]]]
    #expect(try Pipeline(json: named).width == 2)
  }

  @Test("a missing number becomes the mean, the median or a number of your own")
  func numericImpute() throws {
    // The mean of 1, 2 and 9 is 4, the middle one 2.
    let t = try table("x\n1\n2\n9\nNA\n")
    func filled(_ impute: PipelineOptions.NumericImpute) throws -> Float? {
      try features(t) {
        $0.numericImpute = impute
        $0.numericScale = .none
      }.last
    }
    #expect(try filled(.mean) == 4)
    #expect(try filled(.median) == 2)
    #expect(try filled(.constant(-7)) == -7)
  }

  @Test("a column of one number is left out, or keeps its place with 0 for its number")
  func numericSame() throws {
    let t = try table("x,empty\n1,7\n3,7\n5,7\n")
    #expect(try features(t) { $0.numericScale = .none } == [1, 3, 5])
    for scale in PipelineOptions.NumericScale.allCases {
      let kept = try features(t) {
        $0.numericScale = scale
        $0.numericSame = .keep
      }
      #expect(kept.count == 6)
      let places = [kept[1], kept[3], kept[5]]
      #expect(places == (scale == .none ? [7, 7, 7] : [0, 0, 0]), "\(scale)")
    }
    var options = PipelineOptions()
    options.numericSame = .keep
    let pipeline = try Pipeline.fit(t, options).0
    #expect(try Pipeline(json: pipeline.json).transform(t).features.rows(0..<3).scalars == features(t) { $0 = options })
    // A column without any number has none to keep.
    #expect(try Pipeline.fit(table("x,none\n1,\n3,\n"), options).0.width == 1)
  }

  @Test("numbers are standardized, brought to 0…1, or left as they are")
  func numericScale() throws {
    // 1, 3 and 5 have mean 3 and variance 8/3.
    let t = try table("x\n1\n3\n5\n")
    #expect(try features(t) { $0.numericScale = .none } == [1, 3, 5])
    #expect(try features(t) { $0.numericScale = .minmax } == [0, 0.5, 1])
    let s = (8.0 / 3).squareRoot()
    #expect(try features(t) { $0.numericScale = .standard } == [Float(-2 / s), 0, Float(2 / s)])
  }

  @Test("a missing category is one of its own, or the most frequent")
  func categoricalImpute() throws {
    let t = try table("c\nred\nblue\nred\nNA\n")
    #expect(
      try features(t) { $0.categoricalImpute = .missing } == [0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1])
    #expect(try features(t) { $0.categoricalImpute = .mostFrequent } == [0, 1, 1, 0, 0, 1, 0, 1])
  }

  @Test("whole numbers that a Double does not tell apart are not called one number, and the remedy tells them apart")
  func longNumbers() throws {
    let text = "a,id\n" + (0..<60).map { "\($0),100000000000000000\($0 % 3)\n" }.joined()
    let source = ByteSource.memory(Array(text.utf8), name: "t.csv")
    let warning = try #require(try Pipeline.fit(TableReader().readCSV(source)).warnings.first)
    #expect(warning.contains("is about 1e+18 in every training row, closer than numbers of this size are told apart"))
    #expect(warning.hasSuffix("read them as such with --set columns.id=category."))
    #expect(try Pipeline.fit(TableReader(types: ["id": .category]).readCSV(source)).0.width == 4)
  }

  @Test("features for very many categories are refused with their size and a count that would do")
  func tooManyCategories() throws {
    let categories = (0..<20_000).map { "u\($0)" }
    // Each of the first 200 comes 51 times, the others once.
    let codes = (0..<20_000).map { Int32($0) } + (0..<10_000).map { Int32($0 % 200) }
    let column = Column(
      name: "user id", type: .category, values: .codes(codes, categories: categories))
    #expect {
      _ = try Pipeline.fit(Table([column]))
    } throws: { error in
      "\(error)"
        == "\"user id\" has 20000 categories, and a feature for each of them in 30000 training rows takes 2.4 GB. "
        + "--set pipeline.categorical.min_count=51 makes features of the 200 categories that at least 51 training rows "
        + "have, or leave the column out with --set 'features.exclude=[user id]'."
    }
    var options = PipelineOptions()
    options.minimumCount = 51
    #expect(try Pipeline.fit(Table([column]), options).0.width == 200)
    // The same users as text: the advice has the count, too.
    let text = Column(name: "user", type: .text, values: .codes(codes, categories: categories))
    let number = Column(
      name: "x", type: .number, values: .numbers(Numbers((0..<30_000).map { Double($0) })))
    let warning = try #require(try Pipeline.fit(Table([text, number])).warnings.first)
    #expect(
      warning.contains(
        "--set columns.user=category --set pipeline.categorical.min_count=51 makes features of the 200"
      ))
  }

  @Test(
    "texts of numbers with words beside them are not advised to be categories",
    arguments: ["kg", "K", "-9"])
  func quantities(unit: String) throws {
    let text = Column(
      name: "w", type: .text,
      values: .codes([0, 1, 2, 0], categories: ["1.5\(unit)", "$2\(unit)", "unknown"]))
    let number = Column(name: "x", type: .number, values: .numbers([1, 2, 3, 4]))
    let warning = try #require(try Pipeline.fit(Table([text, number])).warnings.first)
    #expect(
      warning.hasSuffix(
        "Texts such as \"1.5\(unit)\" are not read as numbers; write them as plain numbers to learn from them."
      ))
  }

  @Test("a category that is rarer than min_count has no feature, and reads as zeros")
  func minimumCount() throws {
    let t = try table("c\nred\nblue\nred\nblue\ngold\n")
    #expect(try features(t) { $0.minimumCount = 2 } == [0, 1, 1, 0, 0, 1, 1, 0, 0, 0])
  }

  @Test("pictures of several channels keep their shape, in the bundle too")
  func channels() throws {
    let images = ImageColumn(height: 1, width: 2, channels: 3, bytes: Array(0..<12))
    let t = try Table([Column(name: "photo", type: .image, values: .images(images))])
    let pipeline = try Pipeline.fit(t).0
    #expect(images.count == 2)
    #expect(pipeline.featureShape == [3, 1, 2])
    #expect(pipeline.inputs[0].rowShape == [3, 1, 2])
    #expect(pipeline.featureNames[3] == "photo[1,0,1]")
    #expect(try Pipeline(json: pipeline.json) == pipeline)
    #expect(try pipeline.transform(t).features.rowShape == [3, 1, 2])
    #expect(try Pipeline.fit(try Table([t.columns[0].selecting([1])])).0 == pipeline)
    let gray = ImageColumn(height: 1, width: 2, bytes: [1, 2])
    #expect(throws: DataError.self) {
      try pipeline.transform(try Table([Column(name: "photo", type: .image, values: .images(gray))]))
    }
  }

  @Test("a model answers for numbers up to a million training ranges beyond the ends")
  func bounds() throws {
    let input = try Pipeline.fit(try table("x,c\n1,a\n3,b\n")).0.inputs
    #expect(input[0].bounds == (1 - 2e6)...(3 + 2e6))
    #expect(input[1].bounds == nil)
  }

  @Test("bounds are a range for every number that a bundle can hold", arguments: [1e-38, 1, 1e38, -1e38])
  func hostileBounds(factor: Double) throws {
    for (fill, offset) in [(0.0, 0.0), (1e-30, 0), (0, 0.5), (1e300, 1e300)] {
      let json: JSONValue = [
        [
          "name": "x", "type": "number", "fill": .number(fill), "offset": .number(offset), "factor": .number(factor),
        ]
      ]
      guard let bounds = try? Pipeline(json: json).inputs[0].bounds else { continue }
      #expect(bounds.contains(fill))
    }
  }
}

@Suite("Roads to features")
struct FeatureRoadTests {
  @Test("blocks of rows from one reader are the rows of the whole table")
  func blocks() throws {
    let t = try table("x,c,b\n" + (0..<150).map { "\($0 % 7),w\($0 % 5),\($0 % 2 == 0 ? "yes" : "no")\n" }.joined())
    let pipeline = try Pipeline.fit(t).0
    let reader = try pipeline.reader(of: t)
    let whole = try pipeline.transform(t).features
    for rows in [0..<1, 3..<70, 100..<150] {
      let block = try reader.features(rows.map { Int32($0) }).features
      #expect(block.rows(0..<rows.count) == whole.rows(rows))
    }
  }

  @Test("pictures as bare numbers become what the pictures of a table become", arguments: ImageScale.allCases)
  func pictures(scale: ImageScale) throws {
    let bytes = (0..<24).map { UInt8($0 * 11 % 256) }
    let t = try Table([
      Column(name: "image", type: .image, values: .images(ImageColumn(height: 2, width: 3, bytes: bytes)))
    ])
    var options = PipelineOptions()
    options.imageScale = scale
    let pipeline = try Pipeline.fit(t, options).0
    let bareRows = try #require(BareRows(pipeline))
    var features = [Float](repeating: 0, count: 24)
    bytes.map { Double($0) }.withUnsafeBufferPointer { rows in
      features.withUnsafeMutableBufferPointer { bareRows.transform(rows, into: $0) }
    }
    #expect(features == (try pipeline.transform(t).features.rows(0..<4).scalars))
  }

  @Test("rows with words are no bare numbers")
  func mixed() throws { #expect(BareRows(try Pipeline.fit(try table("x,c\n1,a\n3,b\n")).0) == nil) }

  @Test("twenty thousand columns are found, chosen and prepared by their names")
  func wide() throws {
    let count = 20_000
    let columns = (0..<count).map { Column(name: "c\($0)", type: .number, values: .numbers([0, Double($0 + 1)])) }
    let t = try Table(columns)
    #expect((0..<count).allSatisfy { t["c\($0)"]?.numbers?[1] == Double($0 + 1) })
    #expect(t.selecting(columns: (0..<count - 1).map { "c\($0)" }).columns.count == count - 1)
    var options = PipelineOptions()
    options.numericScale = .minmax
    let pipeline = try Pipeline.fit(t, options).0
    let shuffled = try Table(columns.reversed())
    #expect(try pipeline.transform(shuffled).features.rows(1..<2).scalars == Array(repeating: 1, count: count))
    #expect(pipeline.input(named: "c19999")?.profile?.maximum == 20_000)
    #expect(try Pipeline(json: pipeline.json).width == count)
    let records = try TableReader().readRecords(name: "t", columns: columns.map(\.name)) { append in
      try append(columns.map { .init($0.name, 1) })
    }
    #expect(records.columns.count == count)
  }
}

@Suite("Reading for a model")
struct ModelReadingTests {
  @Test("JSON's truth values are the column's own words, and another word is counted")
  func truth() throws {
    let pipeline = try Pipeline.fit(try table("b,x\nyes,1\nno,2\nno,3\n")).0
    let reader = TableReader(for: pipeline.inputs)
    let lines =
      "{\"b\": true, \"x\": 1}\n{\"b\": false, \"x\": 1}\n{\"b\": \"YES\", \"x\": 1}\n{\"b\": \"maybe\", \"x\": 1}\n"
    let t = try reader.readJSONLines(.memory(Array(lines.utf8), name: "t.jsonl"))
    let (features, unseen) = try pipeline.transform(t)
    #expect((0..<4).map { features.rows($0..<$0 + 1).scalars[0] } == [1, 0, 1, 0])
    #expect(unseen == 1)
  }
}
