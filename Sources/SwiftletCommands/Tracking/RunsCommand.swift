// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet runs`: what was trained, and what came of it.
//
// Before    Tracking.swift     After    RunsExport.swift

import ArgumentParser
import Foundation
import SwiftletFormats
import SwiftletTracking

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List what was trained, with its settings, curves and figures.",
    discussion: """
      Every `swiftlet train` becomes a row in runs.sqlite, beside the model: how it stands from its first step on, its \
      recipe, its curve and its figures.

        swiftlet runs                          # those in Models, the youngest first
        swiftlet runs show latest
        swiftlet runs compare 3f2a 9c01        # what differs in the settings, and in the figures
        swiftlet runs export --mlflow http://127.0.0.1:5000
        swiftlet runs delete 3f2a              # the row, not the model

      RUN is the name of a run in the list, its last four digits or more, `latest`, or the name of a model, whose \
      youngest run it is. A run whose process is gone without a word reads as killed.

      It is an ordinary SQLite file with the tables run, setting, metric, point and tag:

        sqlite3 Models/runs.sqlite "SELECT value, score FROM run JOIN setting ON run = id \\
          WHERE key = 'training.learning_rate' ORDER BY score DESC"
      """,
    subcommands: [
      List.self, Show.self, Compare.self, Export.self, Delete.self, Rebuild.self,
    ], defaultSubcommand: List.self)

  /// Which list.
  struct Place: ParsableArguments {
    @Option(help: "The list, or the folder that it is in (default: $SWIFTLET_RUNS, or Models).") var runs: String?

    var path: String {
      let given = ProcessInfo.processInfo.environment["SWIFTLET_RUNS"]
      let word = runs ?? given.flatMap { $0.isEmpty || $0 == "none" ? nil : $0 } ?? "Models"
      return word == "Models" ? "Models/" + RunsDatabase.fileName : TrackingOptions.file(word)
    }

    func opened() throws -> RunsDatabase { try RunsDatabase(at: path) }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List runs, the youngest first.")
    @OptionGroup var place: Place
    @Option(help: "How many at most; 0 for all of them.") var limit = 20
    @Flag(help: "List the trials and folds of other runs too.") var all = false
    @Flag(help: "Print one JSON array.") var json = false

    func validate() throws {
      guard limit >= 0 else { throw ValidationError("--limit must be 0 or more.") }
    }

    func run() throws {
      try reportingErrors {
        let runs = try place.opened().runs(all ? .all : .whole, limit: limit == 0 ? nil : limit)
        print(json ? JSONValue.array(runs.map(\.json)).encoded() : RunsText.table(runs))
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show all that is known of a run.")
    @OptionGroup var place: Place
    @Argument(help: ArgumentHelp("A run.", valueName: "run")) var name: String
    @Flag(help: "Print one JSON object, with the points of the curves.") var json = false

    func run() throws {
      try reportingErrors {
        let database = try place.opened()
        let details = try database.details(of: database.run(name))
        if json { return print(details.json.encoded()) }
        print(RunsText.page(details))
        let parts = try database.runs(.parts(of: details.run.id))
        if !parts.isEmpty { print("\nIts parts\n\n" + RunsText.table(parts)) }
      }
    }
  }

  struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what differs between two runs, in their settings and in their figures.")
    @OptionGroup var place: Place
    @Argument(help: "A run.") var first: String
    @Argument(help: "Another run.") var second: String
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
      try reportingErrors {
        let database = try place.opened()
        let comparison = RunsComparison(
          try database.details(of: database.run(first)), try database.details(of: database.run(second)))
        print(json ? comparison.json.encoded() : comparison.text)
      }
    }
  }

  struct Delete: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove runs from the list, with their trials. Their models stay.")
    @OptionGroup var place: Place
    @Argument(help: "Runs.") var runs: [String]

    func run() throws {
      try reportingErrors {
        let database = try place.opened()
        let chosen = try runs.map(database.run)
        try writing { try database.delete(chosen) }
        for run in chosen { print("Deleted \(run.id) (\(run.name)).") }
      }
    }
  }

  struct Rebuild: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Enter the models that are not in the list; a damaged list is put aside and begun anew.")
    @OptionGroup var place: Place

    func run() throws {
      try reportingErrors {
        let result = try RunsDatabase.rebuild(place.path)
        if let damaged = result.damaged { printError("warning: the damaged list is \(damaged) now.") }
        for warning in result.warnings { printError("warning: \(warning)") }
        for path in result.entered { print("Entered \(path).") }
        if result.entered.isEmpty { print("Every model beside \(place.path) is in it.") }
      }
    }
  }
}
