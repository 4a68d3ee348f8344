// SPDX-License-Identifier: Apache-2.0
//
// A row that every model can answer, for the check of a new bundle and for examples.
//
// Before    ModelRepository.swift     After    Routing/Route.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables

extension ServedModel {
  /// A row as the training data had them: the mean of every number, the first of the categories.
  package var exampleRow: [JSONValue.Member] {
    bundle.pipeline.transforms.map { transform in
      let value: JSONValue
      switch transform.kind {
      case .number(let fill, _, _):
        value = .number(rounded(transform.statistics?.mean ?? fill, transform.statistics))
      case .category(let categories, _): value = .string(categories.first ?? "")
      case .boolean: value = .bool(false)
      case .image(let height, let width, _):
        value = .array(Array(repeating: .array(Array(repeating: .number(0), count: width)), count: height))
      }
      return JSONValue.Member(transform.name, value)
    }
  }

  /// A number with about three digits of the column's range, which reads better than sixteen.
  private func rounded(_ value: Double, _ statistics: FeatureTransform.Statistics?) -> Double {
    guard let statistics, case let range = statistics.maximum - statistics.minimum, range > 0, range.isFinite else {
      return value
    }
    var unit = 1.0
    while unit > range / 100, unit > 1e-9 { unit /= 10 }
    while unit < range / 1000, unit < 1e12 { unit *= 10 }
    // Dividing by a whole number rounds to the decimal that is meant.
    return unit < 1 ? (value * (1 / unit).rounded()).rounded() / (1 / unit).rounded() : (value / unit).rounded() * unit
  }

  /// Asks for one answer.
  ///
  /// - Throws: ``FormatError`` where it is none.
  func probe() throws {
    do {
      let rows = try prepare(objects: [exampleRow])
      var answers = [Float](repeating: .nan, count: predictor.answerWidth)
      rows.features.withUnsafeBufferPointer { features in
        answers.withUnsafeMutableBufferPointer { predictor.answer(features: features, into: $0) }
      }
      guard answers.allSatisfy(\.isFinite) else { throw FormatError(name, "answers with what is not a number.") }
    } catch let error as RequestError {
      throw FormatError(name, "cannot answer for an example: \(error.message)")
    }
  }
}
