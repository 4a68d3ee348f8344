// SPDX-License-Identifier: Apache-2.0
//
// JudgedExamples: rows that judge a model, with what it answers.
//
// Before    Portfolio/Parts/TestsPart.swift     After    Portfolio/Parts/ContainerPart.swift

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// Some rows of the part of the data that judges a model.
struct JudgedExamples {
  private let inputs: [InputSchema]
  private let table: Table
  private let bundle: ModelBundle

  /// - Throws: `DataError` if the data cannot be read again.
  init(_ portfolio: Portfolio, count: Int) throws {
    bundle = portfolio.bundle
    inputs = bundle.inputs
    guard let judged = portfolio.reported.judged else {
      throw DataError(portfolio.reported.absence ?? "The data cannot be read again.")
    }
    let rows = portfolio.reported.rows(portfolio.reported.split)
    let step = max(1, rows.count / count)
    let chosen = stride(from: 0, to: rows.count, by: step).prefix(count).map { Int32(rows[$0]) }
    table = judged.loaded.table.selecting(rows: chosen)
  }

  /// The rows as objects that a server takes, with pictures as files.
  var questions: [JSONValue] {
    (0..<table.rowCount).map { row in
      .object(
        inputs.map { input in
          let column = table[input.name]
          let file = column?.images.flatMap { Self.file($0, row) }
          return .init(input.name, file ?? column?.json(at: row) ?? .null)
        })
    }
  }

  /// Each row in the order of the model's columns, with the label or the numbers of the answer.
  var answered: [JSONValue] {
    get throws {
      let answers = try Predictor(bundle).predict(table).answers
      return (0..<table.rowCount).map { row in
        let values = inputs.map { input -> JSONValue in
          guard let column = table[input.name] else { return .null }
          return column.images.map {
            .array($0.bytes[$0.pixelCount * row..<$0.pixelCount * (row + 1)].map { .number(Double($0)) })
          } ?? column.json(at: row)
        }
        let fields = bundle.head.fields(of: answers.row(row)).map(\.value)
        return ["row": .array(values), "answer": .array(fields)]
      }
    }
  }

  /// The numbers of a picture, with the channels of a pixel together.
  private static func pixels(_ images: ImageColumn, _ row: Int) -> [UInt8] {
    let area = images.height * images.width
    let start = row * images.pixelCount
    return (0..<images.pixelCount).map { images.bytes[start + $0 % images.channels * area + $0 / images.channels] }
  }

  /// A picture as a PNG in base64; `nil` if it is neither gray nor of three colors.
  private static func file(_ images: ImageColumn, _ row: Int) -> JSONValue? {
    guard [1, 3].contains(images.channels) else { return nil }
    let picture = SwiftletFormats.Picture(
      width: images.width, height: images.height, channels: images.channels, bytes: pixels(images, row))
    return ["b64": .string(Data(picture.png()).base64EncodedString())]
  }
}
