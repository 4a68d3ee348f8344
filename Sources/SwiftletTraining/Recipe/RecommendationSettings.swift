// SPDX-License-Identifier: Apache-2.0
//
// Who gets what recommended: the settings of a recommendation.
//
// Naming the user and the item decides the rest of the recipe: these two columns are the features, both are categories,
// and each category is looked up by a code.
//
// Before    DecisionSettings.swift     After    ReadingRecipes.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables

extension Recipe {
  /// The rows of these settings.
  static let recommendationSettings: [Setting<Recipe>] = [
    .optionalText("recommendation.user", \.recommendation.user, "The column that says who rated.")
      .example("customer").written(where: isRecommendation)
      .detail("For the task recommendation, which learns from ratings that users gave to items."),
    .optionalText("recommendation.item", \.recommendation.item, "The column that says what was rated.")
      .example("product").written(where: isRecommendation),
    .number(
      "recommendation.relevant", \.recommendation.relevant, -RankingHead.largestRelevant...RankingHead.largestRelevant,
      "The least rating that counts as liked."
    )
    .example("5").written(where: isRecommendation)
    .detail("The measures of lists ask for the items of the test that were rated so or better."),
    .integer("recommendation.top", \.recommendation.top, 1...RankingHead.longestList, "The length of a list.")
      .example("5").written(where: isRecommendation),
    Setting(
      "recommendation.popularity", .choiceOrNumber(["auto"]), "How much an item's popularity counts in a list."
    ) {
      $0.recommendation.popularity.map { .number($0) } ?? "auto"
    } set: {
      $0.recommendation.popularity = $1.number
    }
    .requiring("auto or a number from 0 to 1000") { $0.number.map { RankingHead.popularities.contains($0) } ?? true }
    .example("0.5").written(where: isRecommendation)
    .detail(
      """
      A list is ordered by the predicted rating plus this number times log(1 + how many rated the item). auto: the one \
      of 0, 0.3, 0.5, 0.7, 1 and 1.5 with the best NDCG on validation rows.
      """),
  ]

  @Sendable private static func isRecommendation(_ recipe: Recipe) -> Bool { recipe.isRecommendation }

  /// Whether columns of users and items are named.
  var isRecommendation: Bool { recommendation.user != nil || recommendation.item != nil }

  /// The columns of users and items: a row without one of them says nothing.
  func pairColumns(of table: Table) throws -> [Column] {
    guard isRecommendation else { return [] }
    return try [recommendation.user, recommendation.item].compactMap { $0 }.map {
      try table.column($0, for: "recommendation")
    }
  }

  /// The sentence about rows that have a rating, and lack its user or its item.
  func pairAbsence(_ count: Int) -> String {
    let names = [recommendation.user, recommendation.item].compactMap { $0.map { quoted($0) } }
    let rows = count == 1 ? "1 row has a rating and was" : "\(count) rows have a rating and were"
    return "\(rows) left out: there is nothing as \(names.joined(separator: " or "))."
  }

  /// The recipe with what follows from the columns of a recommendation.
  ///
  /// - Throws: `DataError` if one of the two columns is not named, or both are one.
  func completed() throws -> Recipe {
    guard isRecommendation || task == Heads.taskOfPairs else { return self }
    guard let user = recommendation.user, let item = recommendation.item, user != item else {
      throw DataError(
        "A recommendation needs the column of users and that of items: --set recommendation.user=COLUMN and --set "
          + "recommendation.item=COLUMN.")
    }
    var recipe = self
    recipe.task = Heads.taskOfPairs
    recipe.columns[user] = .category
    recipe.columns[item] = .category
    recipe.features = Features()
    recipe.features.include = [user, item]
    recipe.pipeline.categoricalEncoding = EmbeddingEncoder.encoding
    return recipe
  }
}
