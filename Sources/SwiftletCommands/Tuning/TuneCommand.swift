// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet tune`: a search for better settings that says so when it found none.
//
// Before    TuneOptions.swift     After    TuneSearch.swift

import ArgumentParser
import SwiftletFormats
import SwiftletModels
import SwiftletSearch

struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Search for better settings, and say whether they are better than the recipe.",
    discussion: """
      Of 27 trials, the recipe among them, all begin; the better third is continued; and the best three, with the \
      recipe, are trained and judged on 5 folds. "not distinguishable" is an answer: on these rows, no trial is better \
      than your recipe by more than luck. The winner is chosen by the folds that compare it, so its lead looks a \
      little larger than it is: ask `swiftlet evaluate` for the test rows, which are never looked at here.

      What is varied stands in the recipe, or is given with --search; without either, the usual settings of the kind \
      of model are. A list is a choice, from and to a range:

        tune:
          trials: 27
          search:
            training.learning_rate: {from: 0.0001, to: 0.1, scale: log}
            model.hidden: [[32], [64], [64, 32]]

        swiftlet tune Datasets/german-credit
        swiftlet tune my.yaml --search 'training.l2={from: 0.01, to: 100, scale: log}'
        swiftlet tune my.yaml --trials 81 --minutes 30

      Each trial is a file in OUTPUT.study. A search that was ended goes on from there when the command is given again. \
      `swiftlet tune search --help` lists the flags, and `swiftlet help settings tune` the keys.

      On a cluster, each job of an array runs one trial alone, and the last one collects them:

        swiftlet tune run my.yaml --index $SLURM_ARRAY_TASK_ID
        swiftlet tune collect my.yaml
      """,
    subcommands: [Search.self, RunTrial.self, Collect.self], defaultSubcommand: Search.self)

  struct Search: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run a whole search, or what is left of it.")
    @OptionGroup var options: TuneOptions
    @Flag(help: "Replace a model that exists already.") var force = false
    @OptionGroup(title: "Tracking") var tracking: TrackingOptions

    func run() throws {
      try reportingErrors {
        let prepared = try options.prepared { path in
          try writing { try OutputFolder.model.check(path, isForced: force) }
        }
        let end = ContinuousClock.now + .seconds(60 * prepared.study.options.minutes)
        let isLimited = prepared.study.options.minutes > 0
        try TuneSearch(options, prepared, tracking).run { isLimited && ContinuousClock.now >= end }
      }
    }
  }

  struct RunTrial: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "run", abstract: "Run one trial alone, as one of an array of jobs.")
    @OptionGroup var options: TuneOptions
    @Option(help: "The trial: 0 is the recipe itself.") var index: Int

    func run() throws {
      try reportingErrors {
        let prepared = try options.prepared()
        let count = prepared.study.options.trials
        guard (0..<count).contains(index) else {
          throw ValidationError("--index is from 0 to \(count - 1), for there are \(count) trials.")
        }
        let trial = try TuneSearch.interruptible { try prepared.study.runTrial(index, observer: $0) }
        print(options.json ? trial.json.encoded() : "trial \(index): \(TuneText.sentence(of: trial))")
      }
    }
  }

  struct Collect: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Judge the best of the trials that are there, and train the winner.",
      discussion: "No trial begins, but for that of the recipe itself; trials that are not there are left out.")
    @OptionGroup var options: TuneOptions
    @Flag(help: "Replace a model that exists already.") var force = false
    @OptionGroup(title: "Tracking") var tracking: TrackingOptions

    func run() throws {
      try reportingErrors {
        let prepared = try options.prepared { path in
          try writing { try OutputFolder.model.check(path, isForced: force) }
        }
        try TuneSearch(options, prepared, tracking).run { true }
      }
    }
  }
}
