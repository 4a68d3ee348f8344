// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import Testing

@testable import SwiftletTables

private func read(
  _ text: String, types: [String: ColumnType] = [:],
  _ change: (inout ReadingOptions) -> Void = { _ in }
) throws -> Table {
  var options = ReadingOptions()
  change(&options)
  return try TableReader(types: types, options: options).readCSV(
    .memory(Array(text.utf8), name: "t.csv"))
}

@Suite("What a model reads")
struct KnownColumnTests {
  /// Asks a fitted pipeline for the features of other rows.
  private func features(_ training: String, _ asked: String, isJSON: Bool = false) throws -> (Pipeline, [Float], Int) {
    let fitted = try Pipeline.fit(try read(training)).0
    let pipeline = try Pipeline(json: try JSONValue.parse(fitted.json.encoded(), name: "t"))
    #expect(pipeline == fitted)
    let reader = TableReader(for: pipeline.inputs)
    let source = ByteSource.memory(Array(asked.utf8), name: "asked")
    let table = try isJSON ? reader.readJSONLines(source) : reader.readCSV(source)
    let (features, unseen) = try pipeline.transform(table)
    return (pipeline, features.tensor.scalars, unseen)
  }

  @Test("truth values are asked for in any spelling")
  func truth() throws {
    let training = "m\nTrue\nFalse\nTrue\n"
    #expect(try features(training, "m\n1\nno\nT\n false \n1.0\n").1 == [1, 0, 1, 0, 1])
    #expect(try features(training, "{\"m\": true}\n{\"m\": 0}\n{\"m\": \"yes\"}\n", isJSON: true).1 == [1, 0, 1])
    #expect(try features(training, "m\nperhaps\n").2 == 1)
    // And the other way round: 0 and 1 were numbers.
    let numbers = try features("m\n0\n1\n", "{\"m\": true}\n{\"m\": \"no\"}\n", isJSON: true).1
    #expect(numbers == [1, -1])
  }

  @Test("categories are asked for with spaces, as 2.0, and as truth values of JSON")
  func categories() throws {
    let training = "c\nred\nblue\nTrue\n"
    let red = try features(training, "c\nred\n").1
    #expect(try features(training, "c\n  red\n").1 == red)
    #expect(try features(training, "{\"c\": true}\n", isJSON: true).1 == features(training, "c\nTrue\n").1)
    #expect(try features(training, "c\nRED\n").2 == 1)
  }

  @Test("numbers are asked for as training wrote them, plainly, and in quotes")
  func numbers() throws {
    let training = "p;q\n1.234,50;1\n2,5;2\n"
    let asked = try features(training, "p;q\n1.234,50;1\n1234.5;1\n").1
    #expect(asked[0] == asked[2])
    #expect(try features(training, "{\"p\": \"1.234,50\", \"q\": \"1\"}\n", isJSON: true).1 == Array(asked.prefix(2)))
    let percent = "p,q\n50%,1\n20%,2\n"
    #expect(try features(percent, "p,q\n50,1\n").1 == features(percent, "p,q\n50%,1\n").1)
    #expect { try features("p,q\n0.5,1\n0.2,2\n", "p,q\n50%,1\n") } throws: { "\($0)".contains("no percent sign") }
    #expect { try features("p,q\n1,1\n2,2\n", "p,q\n\"1,234\",1\n") } throws: {
      "\($0)".hasSuffix("\"1,234\" can be 1234 or 1.234; write it without a sign between thousands.")
    }
  }

  @Test("a date becomes its day, and the weekdays, months and hours that training had")
  func dates() throws {
    let (pipeline, features, _) = try features(
      "d\n2024-01-01 08:00\n2024-01-02 20:00\n2024-02-05 08:00\n", "d\n2024-01-01 20:15\n\n2031-12-25\n")
    #expect(
      pipeline.featureNames == [
        "d day", "d month=1", "d month=2", "d weekday=0", "d weekday=1", "d hour=8", "d hour=20",
      ])
    #expect(Array(features[1..<7]) == [1, 0, 1, 0, 0, 1])
    #expect(features.count == 21)  // in a file of one column, a blank line is a missing value
    #expect(Array(features[8..<14]) == [0, 0, 0, 0, 0, 0] && Array(features[15...]) == [0, 0, 0, 0, 0, 0])
    #expect(pipeline.inputs[0].typical == "2024-02-05 08:00:00")
    #expect { try self.features("d\n2024-01-01\n2024-01-02\n", "d\n1/2/2024\n") } throws: {
      "\($0)".contains("expected a date such as 2024-03-31")
    }
  }

  @Test("the calendar agrees with itself over centuries, and refuses days that are none")
  func calendar() throws {
    for day in stride(from: -700_000, through: 2_900_000, by: 1009) {
      let date = CalendarDate(seconds: Double(day) * 86_400)
      #expect(CalendarDate(date.text)?.day == day)
    }
    #expect(CalendarDate("1970-01-01")?.weekday == 3 && CalendarDate("2024-02-29")?.weekday == 3)
    for wrong in ["2023-02-29", "2024-13-01", "2024-1-1", "2024-01-01x", "2024-01-01 24:00", "0000-01-01"] {
      #expect(CalendarDate(wrong) == nil)
    }
  }
}
