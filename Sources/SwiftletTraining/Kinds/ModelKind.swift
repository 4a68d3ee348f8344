// SPDX-License-Identifier: Apache-2.0
//
// ModelKind: the families of models by their names.
//
// A kind says which heads it takes, what network it is, and how it is fitted. It is one file and one line of
// `ModelKinds.all`; a recipe and a bundle hold its name.
//
// Before    Recipe/ReadingRecipes.swift     After    LogisticKind.swift

import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors

/// A family of models.
public protocol ModelKind: Sendable {
  /// The name in a recipe, such as `logistic`.
  static var name: String { get }
  /// What it is, in the few words that the page of settings has room for.
  static var help: String { get }
  /// Whether the objective has one minimum, which L-BFGS finds from anywhere, and a penalty on the weights.
  static var isConvex: Bool { get }
  /// Which of the settings `hidden`, `activation` and `dropout` it reads; those of its own it always does.
  static var reads: [String] { get }
  /// Refuses a head whose answers it cannot give, and settings that do not go together.
  ///
  /// - Throws: `DataError` with the remedy.
  static func check(_ head: any Head) throws
  /// The layers between the features and the scores of a head.
  ///
  /// - Parameters:
  ///   - featureShape: The shape of one row: `[D]` for columns, `[C, H, W]` for pictures.
  ///   - scoreCount: Number of scores of the head.
  ///   - settings: The sizes that the recipe chooses.
  /// - Throws: `DataError` for rows that the kind cannot learn from, with the kind that can.
  static func blueprint(featureShape: Shape, scoreCount: Int, _ settings: Recipe.Model) throws -> Blueprint
  /// The layers in front, where features are codes: what is learned of each code is looked up.
  ///
  /// - Parameters:
  ///   - codes: The features that are codes: their positions in a row, and how many codes each has.
  ///   - width: D, the number of features of a row.
  ///   - settings: The sizes that the recipe chooses.
  /// - Returns: The layers, and the numbers of a row behind them.
  /// - Throws: `DataError` if the kind has nothing to learn codes with.
  static func lookup(_ codes: [CodeFeature], width: Int, _ settings: Recipe.Model) throws -> (
    layers: [JSONValue], width: Int
  )
  /// What a network of this kind is called in a model card.
  static func title(_ network: Sequential) -> String
  /// What to do if the network would be too large: a sentence, or nothing.
  static var remedy: String { get }
  /// Whether answering the training rows much better than others speaks of overfitting.
  static var isJudgedByGap: Bool { get }
  /// What keeps a network of this kind from learning its training rows by heart.
  static func restraint(of network: Sequential) -> Restraint
}

/// What to do against overfitting.
public struct Restraint: Sendable, Equatable {
  /// What may be made smaller, such as "fewer features".
  public let changes: String
  /// The flags of a training that hold the model back.
  public let flags: [String]
}

extension ModelKind {
  public static var reads: [String] { [] }

  public static var remedy: String { "" }

  public static var isJudgedByGap: Bool { true }

  public static func restraint(of network: Sequential) -> Restraint {
    guard network.layers.count > 1 else { return Restraint(changes: "fewer features", flags: ["--l2", "10"]) }
    return Restraint(
      changes: "fewer features, smaller layers",
      flags: ["--set", "model.dropout=0.3", "--set", "training.weight_decay=0.001"])
  }

  /// A row of numbers for each code, in the place of the code.
  public static func lookup(_ codes: [CodeFeature], width: Int, _ settings: Recipe.Model) throws -> (
    layers: [JSONValue], width: Int
  ) {
    guard !codes.isEmpty else { return ([], width) }
    guard !isConvex else {
      throw DataError(
        "pipeline.categorical.encode=embedding needs a network to learn with, and the model is \(name). Use "
          + "--model mlp, or one_hot.")
    }
    let sizes = codes.map { EmbedColumns.usualSize(codeCount: $0.count) }
    let columns: [JSONValue] = zip(codes, sizes).map { code, size in
      ["position": JSONValue(code.position), "count": JSONValue(code.count), "size": JSONValue(size)]
    }
    let layer: JSONValue = ["kind": .string(EmbedColumns.kind), "columns": .array(columns)]
    return ([layer], width - codes.count + sizes.reduce(0, +))
  }
}

/// A kind that has settings of its own, which stand in ``Recipe/Model/own``.
package protocol ConfigurableKind: ModelKind {
  /// Rows for the table of settings, with keys that begin with `model.`.
  static var settings: [Setting<Recipe>] { get }
}

/// The kinds of model by their names. To add one, write its file and a line in `all`.
public enum ModelKinds {
  /// Every kind, in the order of the pages that list them.
  public static let all: [any ModelKind.Type] = [
    LogisticKind.self, LinearKind.self, MLPKind.self, SequentialKind.self, CNNKind.self,
    FactorsKind.self,
  ]

  /// The settings that only one kind has.
  static var settings: [Setting<Recipe>] {
    all.flatMap { ($0 as? any ConfigurableKind.Type)?.settings ?? [] }
  }

  /// Their names, as a recipe writes them.
  public static var names: [String] { all.map { $0.name } }

  /// The kind with a name.
  ///
  /// - Throws: `DataError` if no kind has it.
  public static func named(_ name: String) throws -> any ModelKind.Type {
    guard let kind = all.first(where: { $0.name == name }) else {
      throw DataError("There is no kind of model \"\(name)\": there are \(names.joined(separator: ", ")).")
    }
    return kind
  }
}
