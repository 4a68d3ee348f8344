// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import Testing

@Suite("What a bundle shows of its data")
struct IllustrationTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-view-\(UUID())").path

  /// A linear model of one column of each type, or of two numbers.
  private func bundle(_ csv: String, _ illustration: Illustration) throws -> ModelBundle {
    let pipeline = try Pipeline.fit(try TableReader().readCSV(.memory(Array(csv.utf8), name: "t"))).0
    var generator = Generator(seed: 1)
    return try ModelBundle(
      name: "small", target: "z", head: NumberHead(targets: [TargetScale(name: "z")]),
      pipeline: pipeline, kind: "linear",
      network: Sequential(Linear(inputSize: pipeline.width, outputSize: 1, using: &generator)),
      training: .null, history: "", card: "", illustration: illustration)
  }

  private static let mixed = "size,color,sold\n1,red,true\n2,blue,false\n4,red,true\n"
  private static let numbers = "a,b\n1,5\n2,7\n4,6\n"

  private var illustration: Illustration {
    var illustration = Illustration()
    illustration.example = [.init("size", 1), .init("color", "red"), .init("sold", .null)]
    illustration.units = [.init("size", "cm"), .init("z", "kg")]
    return illustration
  }

  @Test("the example, the units and the view are saved and loaded")
  func roundTrip() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try bundle(Self.mixed, illustration).save(to: folder)
    #expect(try ModelBundle.load(from: folder).illustration == illustration)
    #expect(illustration.unit(of: "z") == "kg" && illustration.unit(of: "color") == nil)

    // "c" is a cell of the picture and no input of the model.
    var picture = Illustration()
    picture.example = [.init("a", 1), .init("b", 5.5)]
    picture.view = .init(width: 3, height: 1, maximum: 16, columns: ["a", "c", "b"])
    try bundle(Self.numbers, picture).save(to: folder)
    #expect(try ModelBundle.load(from: folder).illustration == picture)
  }

  @Test("a bundle without them is loaded as before")
  func absent() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try bundle(Self.mixed, Illustration()).save(to: folder)
    let text = try String(contentsOfFile: folder + "/model.json", encoding: .utf8)
    #expect(!text.contains("example") && !text.contains("units") && !text.contains("view"))
    #expect(try ModelBundle.load(from: folder).illustration == Illustration())
  }

  @Test(
    "an example that is no row of the model is refused",
    arguments: [
      "3", "[]", "{}", #"{"size": 1}"#, #"{"size": "1", "color": "red", "sold": "true"}"#,
      #"{"size": 1, "color": 7, "sold": "true"}"#, #"{"size": 1, "color": "red", "sold": true}"#,
      #"{"size": 1, "color": "red", "sold": "perhaps"}"#, #"{"color": "red", "size": 1, "sold": "true"}"#,
      #"{"size": 1, "color": "red", "sold": "true", "more": 1}"#, #"{"size": [1], "color": "red", "sold": "true"}"#,
    ])
  func wrongExample(example: String) throws {
    try expectRefused("example", example, of: bundle(Self.mixed, illustration), "an example")
  }

  @Test("units that are none are refused", arguments: ["1", "[\"cm\"]", "{\"size\": 1}", "{\"other\": \"cm\"}"])
  func wrongUnits(units: String) throws {
    try expectRefused("units", units, of: bundle(Self.mixed, illustration), "units")
  }

  @Test(
    "a view that does not show the model's columns is refused",
    arguments: [
      "8", "{}", #"{"width": 2, "height": 1}"#, #"{"width": 2, "height": 1, "max": 0, "columns": ["a", "b"]}"#,
      #"{"width": 2, "height": 1, "max": -1, "columns": ["a", "b"]}"#, #"{"width": 2, "height": 1, "max": 16}"#,
      #"{"width": 2.5, "height": 1, "max": 16, "columns": ["a", "b"]}"#,
      #"{"width": 1e300, "height": 1, "max": 16, "columns": ["a", "b"]}"#,
      #"{"width": 9223372036854775807, "height": 9223372036854775807, "max": 16, "columns": ["a", "b"]}"#,
      #"{"width": 2, "height": 1, "max": 16, "columns": ["a", "a"]}"#,
      #"{"width": 2, "height": 1, "max": 16, "columns": ["a", "c"]}"#,
      #"{"width": 2, "height": 1, "max": 16, "columns": ["a", 1]}"#,
      #"{"width": 3, "height": 1, "max": 16, "columns": ["a", "b"]}"#,
      #"{"width": 2, "height": 1, "max": 16, "columns": "ab"}"#,
    ])
  func wrongView(view: String) throws {
    var picture = Illustration()
    picture.view = .init(width: 2, height: 1, maximum: 16, columns: ["a", "b"])
    try expectRefused("view", view, of: bundle(Self.numbers, picture), "a view")
  }

  @Test("the view of an image has its size and no columns")
  func imageView() throws {
    let images = Column(
      name: "image", type: .image, values: .images(ImageColumn(height: 2, width: 3, bytes: Array(0..<12))))
    let pipeline = try Pipeline.fit(try Table([images])).0
    #expect(PictureView(width: 3, height: 2, maximum: 255, columns: []).fits(pipeline))
    #expect(!PictureView(width: 2, height: 3, maximum: 255, columns: []).fits(pipeline))
    #expect(!PictureView(width: 3, height: 2, maximum: 255, columns: ["image"]).fits(pipeline))
  }

  /// Expects that a bundle with another value in the place of a member of its signature is refused with a sentence.
  private func expectRefused(_ name: String, _ value: String, of bundle: ModelBundle, _ message: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try bundle.save(to: folder)
    let file = folder + "/model.json"
    let json = try JSONValue.parse(try ByteSource.file(file).readAll()[...], name: "model.json")
    let planted = try JSONValue.parse(Array(value.utf8)[...], name: "planted")
    func replaced(_ json: JSONValue) -> JSONValue {
      guard let members = json.members else { return json }
      return .object(
        members.map {
          .init($0.name, $0.name == name ? planted : $0.name == "signature" ? replaced($0.value) : $0.value)
        })
    }
    #expect(replaced(json) != json, "the fault was planted")
    try replaced(json).encoded().write(toFile: file, atomically: true, encoding: .utf8)
    #expect {
      try ModelBundle.load(from: folder)
    } throws: {
      ($0 as? FormatError).map { "\($0)".contains("has \(message) in its signature") } ?? false
    }
  }
}
