// SPDX-License-Identifier: Apache-2.0
//
// SaliencyReport: what a model looks at in one row, as text, as JSON and as a picture.
//
// Before    Graphs/GraphText.swift     After    SynthesizeCommand.swift

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletReports
import SwiftletTables
import SwiftletTensors

/// A row, the model's answer for it, and the map of what the answer depends on.
struct SaliencyReport {
  /// What the user asked for.
  struct Question {
    /// The place of the data.
    let source: String
    /// The number of the row, from 1.
    let row: Int
    /// A label or a target; `nil`: what the model answers.
    let subject: String?
    let method: any SaliencyMethod.Type
  }

  private let question: Question
  private let bundle: ModelBundle
  private let picture: SwiftletFormats.Picture
  private let answer: [JSONValue.Member]
  private let map: SaliencyMap

  /// - Throws: `DataError` for a model that looks at no pictures, or a row that is not there.
  init(of bundle: ModelBundle, _ question: Question) throws {
    let model = TabularModel(bundle)
    guard PictureLayout(model.signature) != nil else {
      throw DataError("--saliency shows what a model sees in a picture, and the inputs of \(bundle.name) are columns.")
    }
    let (features, picture) = try Self.row(bundle, question)
    self.question = question
    self.bundle = bundle
    self.picture = picture
    let answers = Predictor(bundle).answers(for: .dense(Tensor(features, shape: [1, features.count])))
    answer = bundle.head.fields(of: answers.row(0))
    map = try SaliencyMap(of: model, at: features, subject: question.subject, by: question.method)
  }

  // MARK: The row

  /// The row was read: the rest of the file need not be.
  private struct IsFound: Error {}

  private static func row(_ bundle: ModelBundle, _ question: Question) throws -> (
    features: [Float], picture: SwiftletFormats.Picture
  ) {
    var found: (features: [Float], picture: SwiftletFormats.Picture)?
    var count = 0
    do {
      try DataLoader(question.source).forEachPart(bundle.tableReader) { part in
        let position = question.row - 1 - count
        count += part.table.rowCount
        guard position < part.table.rowCount else { return }
        let row = Int32(position)
        try bundle.pipeline.checkBounds(of: part.table, rows: [row], firstRow: count - part.table.rowCount + 1)
        let features = try bundle.pipeline.transform(part.table, rows: [row]).features
        found = (features.tensor.scalars, try picture(of: part.table, row: position, bundle))
        throw IsFound()
      }
    } catch is IsFound {}
    guard let found else {
      throw DataError("\(question.source) has \(count) rows, so there is no row \(question.row). Choose another --row.")
    }
    return found
  }

  /// The row as a picture: that of its column, or the cells of the view.
  private static func picture(of table: Table, row: Int, _ bundle: ModelBundle) throws -> SwiftletFormats.Picture {
    if let images = table[bundle.pipeline.inputs[0].name]?.images {
      return picture(Array(images.bytes[row * images.pixelCount..<(row + 1) * images.pixelCount]), of: images)
    }
    guard let view = bundle.illustration.view else { throw DataError("\(bundle.name) has no picture to show.") }
    let bytes = view.columns.map { name in
      let value = table[name]?.numbers?[row] ?? 0
      return UInt8(max(0, min(255, value.isNaN ? 0 : (value / view.maximum * 255).rounded())))
    }
    return SwiftletFormats.Picture(width: view.width, height: view.height, channels: 1, bytes: bytes)
  }

  /// Planes as a picture of gray or of red, green and blue; of other channels the mean is shown.
  private static func picture(_ planes: [UInt8], of images: ImageColumn) -> SwiftletFormats.Picture {
    let count = images.width * images.height
    let isColor = images.channels == 3
    let bytes = (0..<count).flatMap { pixel -> [UInt8] in
      let values = (0..<images.channels).map { planes[$0 * count + pixel] }
      return isColor ? values : [UInt8(values.reduce(0) { $0 + Int($1) } / max(1, values.count))]
    }
    return SwiftletFormats.Picture(width: images.width, height: images.height, channels: isColor ? 3 : 1, bytes: bytes)
  }

  // MARK: What is shown

  /// A few lines: the answer, and how much each ninth of the picture has to do with it.
  var text: String {
    let shares = map.ninths.map { "\(Int(($0 * 100).rounded())) %" }
    let lines = stride(from: 0, to: 9, by: 3).map { Array(shares[$0..<$0 + 3]) }
    let said = answer.first.map { $0.value.string ?? $0.value.number.map { decimals($0, 4) } ?? "" } ?? ""
    return """
      Row \(question.row) of \(question.source): \(bundle.name) answers \(said).
      Where \(map.subject) comes from, by \(question.method.name), in the ninths of the picture:

      \(textTable(lines))
      """
  }

  /// One object with all numbers.
  var json: JSONValue {
    let rows: [JSONValue] = stride(from: 0, to: map.values.count, by: map.width).map { start in
      .array(map.values[start..<start + map.width].map { .number(($0 * 1e4).rounded() / 1e4) })
    }
    return [
      "model": .string(bundle.name), "row": JSONValue(question.row), "answer": .object(answer),
      "subject": .string(map.subject), "method": .string(question.method.name), "height": JSONValue(map.height),
      "width": JSONValue(map.width), "saliency": .array(rows),
    ]
  }

  /// The picture and the map over it, side by side, as PNG.
  var png: [UInt8] {
    let factor = max(1, 256 / max(map.width, map.height))
    let pictures = [picture, map.drawn(over: picture)].map { $0.enlarged(factor) }
    return SwiftletFormats.Picture.row(pictures, gap: 16)?.png() ?? []
  }

  /// The same with words, as SVG.
  var svg: String {
    PicturePlot(
      title: "What \(bundle.name) looks at",
      note: "Orange: the pixels on which \(map.subject) depends most, by \(question.method.name).",
      width: map.width, height: map.height,
      panels: [
        .init(caption: "row \(question.row)", png: picture.png()),
        .init(caption: map.subject, png: map.drawn(over: picture).png()),
      ]
    ).svg()
  }
}
