// SPDX-License-Identifier: Apache-2.0
//
// After a training in a portfolio: what follows from the model is written for the one that is there now.
//
// Before    PortfolioFolder.swift     After    Repository.swift

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTables

extension PortfolioFolder {
  /// Writes the report, the page, the questions and answers, the picture, and the figures in the README. From here on
  /// the program works in the folder.
  ///
  /// - Returns: The names of the files that were written, and of those that were not because they were changed by hand.
  /// - Throws: `DataError` if the data are not there: nothing can be measured then.
  func refresh() throws -> (written: [String], kept: [String]) {
    FileManager.default.changeCurrentDirectoryPath(place)
    let reported = try ReportedModel("models/\(modelName)")
    if let absence = reported.absence { throw DataError("The model cannot be measured. \(absence)") }
    let others = (try? FileManager.default.contentsOfDirectory(atPath: "tried")) ?? []
    let portfolio = Portfolio(
      name: modelName, author: "", owner: nil,
      data: try PortfolioData(reported.recipe.data, isCarried: true), recipe: "", reported: reported,
      alternative: others.sorted().lazy.compactMap { try? ModelBundle.load(from: "tried/\($0)") }.first)
    let parts: [any PortfolioPart.Type] = [ReportPart.self, LivePagePart.self, ClientsPart.self, TestsPart.self]
    let files = try parts.flatMap { try $0.files(of: portfolio) } + StoryPart.picture(portfolio)
    var figures = try ReadmeFigures("README.md")
    try OutputFile("README.md", inputs: []).write(figures.replacing(ReadmeFigures.lines(of: portfolio.bundle)))
    if let tried = TriedModels(portfolio), let place = try? ReadmeFigures("README.md", opening: TriedModels.opening) {
      figures = place
      try OutputFile("README.md", inputs: []).write(figures.replacing(tried.lines))
    }
    let kept = try writing { try write(files, isWhole: false) }
    return (["README.md"] + files.map(\.name).filter { !kept.contains($0) }, kept)
  }
}
