// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet compare`: is one recipe better than another, or was it lucky?
//
// Before    FoldScores.swift     After    Tuning/TuneOptions.swift

import ArgumentParser
import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletSearch
import SwiftletTables
import SwiftletTraining

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare recipes by cross-validation: is one better, or was it lucky?",
    discussion: """
      Every recipe is trained and judged on the same folds: the rows are dealt out into 5 parts, and each part judges a \
      model that the others have taught. One recipe alone is judged by itself. The rows of the test are left out, so that \
      they can still judge what you choose.

        swiftlet compare Datasets/german-credit
        swiftlet compare a.yaml b.yaml --folds 5 --repeats 2
        swiftlet compare a.yaml b.yaml --data Datasets/german-credit --metric roc_auc

      Scores of folds are alike, since any two of them share most of their training rows. So the intervals are the \
      corrected ones of Nadeau and Bengio, which are wider than the textbook's, and a difference whose interval contains \
      0 is "not distinguishable": on as few rows, either recipe could have won.
      """)

  @Argument(help: "Recipes, dataset folders or data files.") var recipes: [String]
  @Option(help: "The data of all recipes, in the place of their own.") var data: String?
  @Option(help: "The number of parts that the rows are dealt out into.") var folds = 5
  @Option(help: "How many times the rows are dealt out anew.") var repeats = 1
  @Option(help: "The metric to compare by, such as roc_auc (default: log_loss for classes, rmse for numbers).")
  var metric: String?
  @Option(recipe: "target") var target: GivenSetting?
  @Option(
    name: .customLong("set"), help: "A setting of all recipes, such as training.epochs=20. May be repeated.",
    transform: GivenSetting.init)
  var settings: [GivenSetting] = []
  @Flag(help: "Print one JSON object instead of a table.") var json = false
  @Flag(help: "Print only the result and warnings, no progress.") var quiet = false

  func validate() throws {
    guard !recipes.isEmpty, recipes.count <= 100 else { throw ValidationError("Name between 1 and 100 recipes.") }
    guard (2...1000).contains(folds) else { throw ValidationError("--folds is from 2 to 1000, not \(folds).") }
    guard (1...1000).contains(repeats) else { throw ValidationError("--repeats is from 1 to 1000, not \(repeats).") }
  }

  func run() throws {
    try reportingErrors {
      let candidates = try zip(recipes, names).map { source, name in
        let recipe = try resolvedRecipe(source)
        return Comparison.Candidate(name, recipe, try Experiment(DataLoader(recipe), recipe))
      }
      let interruption = Interruption(says: "Ending after this batch; nothing is saved. Ctrl-C again ends at once.")
      let observer = TerminalObserver(
        progress: ProgressLine(isQuiet: true), interruption: interruption, isQuiet: true)
      let isQuiet = quiet
      do {
        let comparison = try Comparison(
          candidates, by: metric, CrossValidation(folds: folds, repeats: repeats), observer: observer
        ) { name, step in
          if !isQuiet { printError("\(name): fold \(step.done) of \(step.count)") }
        }
        print(json ? comparison.json.encoded() : text(comparison, candidates))
      } catch is CancellationError {
        throw ExitStatus.interrupted
      }
    }
  }

  /// The recipes by their paths; one that is given twice is numbered.
  private var names: [String] {
    recipes.enumerated().map { position, name in
      recipes.filter { $0 == name }.count > 1 ? "\(name) (\(position + 1))" : name
    }
  }

  private func resolvedRecipe(_ source: String) throws -> Recipe {
    let location = RecipeLocation(source: source, recipe: nil)
    let document = try location.document()
    let place: (path: String, value: JSONValue) = ("data", .string(data ?? location.data(in: document)))
    return try Recipe(document, settings: [place] + ([target].compactMap { $0 } + settings).map { ($0.key, $0.value) })
  }

  private func text(_ comparison: Comparison, _ candidates: [Comparison.Candidate]) -> String {
    let metric = comparison.metric
    let times = repeats > 1 ? ", dealt out \(repeats) times" : ""
    let better = metric.isLoss ? "less" : "more"
    let rows = comparison.recipes.map { recipe in
      [recipe.name, decimals(recipe.mean.mean, 4), brackets(recipe.mean.interval)]
    }
    let differences = comparison.differences.map { difference in
      [
        "\(difference.b) − \(difference.a)", decimals(difference.mean.mean, 4), brackets(difference.mean.interval),
        difference.verdict.rawValue,
      ]
    }
    let table = textTable([["", metric.name, "95 % interval"]] + rows, alignsLeft: [0, 2])
    let paired = differences.isEmpty ? "" : "\n\n" + textTable(differences, alignsLeft: [0, 2, 3])
    return "\(metric.name) over \(folds) folds\(times); \(better) is better\n\n\(table)\(paired)"
  }

  private func brackets(_ interval: Interval?) -> String {
    interval.map { "[\(decimals($0.low, 4)), \(decimals($0.high, 4))]" } ?? ""
  }
}
