// SPDX-License-Identifier: Apache-2.0
//
// ModelKind: the families of models by their names.
//
// A kind says which heads it takes, what network it is, and how it is fitted. It is one file and one line of
// `ModelKinds.all`; a recipe and a bundle hold its name.
//
// Before    Recipe/ReadingRecipes.swift     After    LogisticKind.swift

import SwiftletModels
import SwiftletNN
import SwiftletTables

/// A family of models.
public protocol ModelKind: Sendable {
  /// The name in a recipe, such as `logistic`.
  static var name: String { get }
  /// Whether the objective has one minimum, that L-BFGS finds from anywhere, and a penalty on the weights.
  static var isConvex: Bool { get }
  /// Refuses what it cannot predict.
  ///
  /// - Throws: `DataError` with the kind that can.
  static func check(_ head: any Head) throws
  /// The layers between the features and the scores of a head.
  static func blueprint(inputSize: Int, scoreCount: Int, _ settings: Recipe.Model) -> Blueprint
  /// What a network of this kind is called in a model card.
  static func title(_ network: Sequential) -> String
}

/// The kinds of model by their names. To add one, write its file and a line in `all`.
public enum ModelKinds {
  /// Every kind, in the order of the pages that list them.
  public static let all: [any ModelKind.Type] = [LogisticKind.self, LinearKind.self, MLPKind.self]

  /// Their names, as a recipe writes them.
  public static var names: [String] { all.map { $0.name } }

  /// The kind of a name.
  ///
  /// - Throws: `DataError` for a name that there is not.
  public static func named(_ name: String) throws -> any ModelKind.Type {
    guard let kind = all.first(where: { $0.name == name }) else {
      throw DataError("There is no kind of model \"\(name)\": there are \(names.joined(separator: ", ")).")
    }
    return kind
  }
}
