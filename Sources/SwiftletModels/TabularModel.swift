// SPDX-License-Identifier: Apache-2.0
//
// TabularModel: a bundle as a model that answers.
//
// Before    Model.swift     After    Saliency/PictureLayout.swift

import SwiftletNN
import SwiftletTables

/// A bundle's pipeline and its network, as what can answer.
public final class TabularModel: Model {
  public let signature: Signature
  public let rowCost: Int
  private let pipeline: Pipeline
  private let predictor: Predictor
  private let bareRows: BareRows?
  private let team: AnsweringTeam

  /// To prepare a value takes as long as some multiplications of a product: it is read from further away.
  private static let valueCost = 32

  /// A model that answers as `Predictor` does.
  ///
  /// - Parameters:
  ///   - bundle: The model.
  ///   - threads: The number of threads that share out the rows of one large call, as in `Predictor`.
  public init(_ bundle: ModelBundle, threads: Int = 1) {
    pipeline = bundle.pipeline
    team = AnsweringTeam(threads: threads)
    predictor = Predictor(bundle, team: team)
    bareRows = BareRows(bundle.pipeline)
    rowCost = bundle.rowCost
    var facts = ModelFacts()
    facts.kind = bundle.kind
    facts.parameterCount = bundle.network.parameterCount
    facts.affines = bundle.pipeline.encoders.map(\.affine)
    facts.linearParameters = bundle.network.onlyLinear.map { [$0.weight, $0.bias] } ?? []
    facts.training = bundle.training
    facts.card = bundle.card
    facts.illustration = bundle.illustration
    signature = Signature(
      name: bundle.name, target: bundle.target, inputs: bundle.inputs, featureCount: bundle.pipeline.width,
      takesNumbers: bareRows != nil, head: bundle.head, reading: bundle.reading, facts: facts)
  }

  public func features(of table: Table) throws -> (features: [Float], unseenCount: Int) {
    let (features, unseenCount) = try pipeline.transform(table)
    return (features.tensor.scalars, unseenCount)
  }

  public func prepare(_ numbers: UnsafeBufferPointer<Double>, into features: UnsafeMutableBufferPointer<Float>) {
    guard let bareRows else { return }
    let (f, d) = (bareRows.valueCount, signature.featureCount)
    // Every row is written by one thread, and the memory outlives the call.
    nonisolated(unsafe) let numbers = numbers
    nonisolated(unsafe) let features = features
    team.share(min(numbers.count / f, features.count / d), cost: f * Self.valueCost) { rows in
      bareRows.transform(
        UnsafeBufferPointer(rebasing: numbers[rows.lowerBound * f..<rows.upperBound * f]),
        into: UnsafeMutableBufferPointer(rebasing: features[rows.lowerBound * d..<rows.upperBound * d]))
    }
  }

  public func answer(features: UnsafeBufferPointer<Float>, into answers: UnsafeMutableBufferPointer<Double>) {
    predictor.answer(features: features, into: answers)
  }

  public func gradient(ofScore score: Int, at features: [Float]) -> [Float]? {
    predictor.bundle.gradient(ofScore: score, at: features)
  }
}
