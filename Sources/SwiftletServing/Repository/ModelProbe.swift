// SPDX-License-Identifier: Apache-2.0
//
// A row that every model can answer, for the check of a new bundle and for examples.
//
// Before    Watching/TrainingPage.swift     After    Routing/Route.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables

extension ServedModel {
  /// A row like those of the training data: the mean of every number, the first of the categories.
  package var exampleRow: [JSONValue.Member] { signature.inputs.map { .init($0.name, $0.example) } }

  /// Asks for one answer.
  ///
  /// - Throws: ``FormatError`` if it is not a number.
  func probe() throws {
    do {
      let rows = try prepare(objects: [exampleRow])
      var answers = [Double](repeating: .nan, count: signature.head.answerWidth)
      rows.features.withUnsafeBufferPointer { features in
        answers.withUnsafeMutableBufferPointer { model.answer(features: features, into: $0) }
      }
      guard answers.allSatisfy(\.isFinite) else { throw FormatError(name, "gives an answer that is not a number.") }
    } catch let error as RequestError {
      throw FormatError(name, "cannot answer its own example: \(error.message)")
    }
  }
}
