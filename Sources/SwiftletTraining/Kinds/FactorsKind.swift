// SPDX-License-Identifier: Apache-2.0
//
// Factors: tastes of users and traits of items, as numbers that are learned.
//
//     rating = μ + b_user + b_item + p_user · q_item
//
// Before    CNNKind.swift     After    SequentialKind.swift
// Source    Koren, Bell, Volinsky, "Matrix Factorization Techniques for Recommender Systems" (2009)

import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors

/// Matrix factorization, for ratings that users gave to items.
public enum FactorsKind: ConfigurableKind {
  public static let name = "factors"
  public static let help = "tastes of users and traits of items"
  public static let isConvex = false

  public static func check(_ head: any Head) throws {
    guard head.task != Heads.taskOfPairs else { return }
    throw DataError(
      "Factors are learned of users and items. Name their columns with --set recommendation.user=COLUMN and --set "
        + "recommendation.item=COLUMN, or use --model mlp.")
  }

  public static func lookup(_ codes: [CodeFeature], width: Int, _ settings: Recipe.Model) throws -> (
    layers: [JSONValue], width: Int
  ) {
    guard codes.count == 2, width == 2 else {
      throw DataError(
        "Factors need two columns of categories, users and items, and \(codes.count) of the features are categories.")
    }
    let layer: JSONValue = [
      "kind": .string(Factors.kind), "users": JSONValue(codes[0].count), "items": JSONValue(codes[1].count),
      "dimensions": JSONValue(settings.dimensions), "l2": .number(settings.l2),
    ]
    return ([layer], 1)
  }

  /// Nothing: the layer that looks the codes up gives the score.
  public static func blueprint(featureShape: Shape, scoreCount: Int, _ settings: Recipe.Model) -> Blueprint {
    Blueprint([])
  }

  public static let remedy = "Use fewer dimensions (--set model.dimensions=8)."

  /// The factors of a user are fitted to that user's own ratings, so these are always answered better. On the data set of
  /// ratings a larger penalty and fewer dimensions narrow the gap, and the error on validation rows rises.
  public static let isJudgedByGap = false

  public static func restraint(of network: Sequential) -> Restraint {
    Restraint(changes: "fewer dimensions", flags: ["--set", "model.l2=0.1"])
  }

  public static func title(_ network: Sequential) -> String {
    "matrix factorization (\((network.parameters.first?.value.shape[1] ?? 1) - 1) dimensions)"
  }
}

// MARK: - Settings

extension FactorsKind {
  package static let settings = rows.map { $0.written { $0.model.kind == name || !$0.model.own.isEmpty } }

  private static let rows: [Setting<Recipe>] = [
    .integer("model.dimensions", \.model.dimensions, 1...1024, "The number of factors of each user and item.")
      .example("5").detail("For factors. More of them tell finer tastes apart, and need more ratings."),
    .number("model.l2", \.model.l2, 0...1000, "The penalty on what factors look up in a batch.")
      .example("0.1").search(0.001...1)
      .detail(
        """
        Its multiple of the mean square of the looked-up rows is added to the loss. Users and items of few ratings stay \
        near the mean with it.
        """),
  ]
}

extension Recipe.Model {
  /// The number of factors of each user and item.
  public var dimensions: Int {
    get { own["dimensions"]?.integer ?? 8 }
    set { own["dimensions"] = newValue == 8 ? nil : JSONValue(newValue) }
  }
  /// The penalty on what factors look up.
  public var l2: Double {
    get { own["l2"]?.number ?? 0.05 }
    set { own["l2"] = newValue == 0.05 ? nil : .number(newValue) }
  }
}
