// SPDX-License-Identifier: Apache-2.0
//
// The recipe that the model of a portfolio was trained by.
//
// Before    TriedModels.swift     After    DataPart.swift

enum RecipePart: PortfolioPart {
  static func files(of portfolio: Portfolio) -> [PortfolioFile] { [PortfolioFile("recipe.yaml", portfolio.recipe)] }
}
