// SPDX-License-Identifier: Apache-2.0
//
// Ratings for tests: stars that somebody, who, gave to something, what.

import SwiftletData
import SwiftletTables

@testable import SwiftletTraining

/// The ratings of a CSV.
func stars(_ text: String) throws -> LoadedData {
  let reader = TableReader(types: ["who": .category, "what": .category])
  return LoadedData(name: "stars", table: try reader.readCSV(.memory(Array(text.utf8), name: "stars.csv")))
}

/// Two factors of such ratings.
func starsRecipe() -> Recipe {
  var recipe = Recipe()
  recipe.targets = ["stars"]
  recipe.model.kind = "factors"
  recipe.model.dimensions = 2
  recipe.recommendation.user = "who"
  recipe.recommendation.item = "what"
  recipe.training.threads = 1
  return recipe
}
