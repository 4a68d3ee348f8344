// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet new`: from data to a repository that can be shown.
//
// Before    Packaging/ModelPackage.swift     After    Portfolio.swift

import ArgumentParser
import Foundation
import SwiftletFormats
import SwiftletTraining

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Make a repository for a portfolio, with a trained model in it.",
    discussion: """
      It trains on the data and writes a folder in which nothing is left blank: a README with the figures of the \
      model, the recipe, the data, the model with its card, a report, a page that answers in the browser, programs that call \
      it from four languages, tests, a Dockerfile and two workflows for GitHub.

        swiftlet new fraud --data Datasets/card-fraud
        swiftlet new churn --data customers.csv --target churn --author "Ada Lovelace" --owner ada
        cd fraud && make check     # trains again and compares, without a network
        swiftlet new fraud --check # which questions of the README you have not answered

      What it cannot know, it asks: the README has questions in comments, which GitHub does not show. Write your \
      answer below each.

      It overwrites nothing. --force makes the model anew and writes its own files again, but for those that you have \
      changed since. Data stay out of the folder if they are larger than 10 MB, if their licence does not allow \
      passing them on, or with --without-data: then it says what they are, by their SHA-256.
      """)

  @Argument(help: "The folder to write. Its name is the model's.") var name: String
  @Option(help: "A data set's folder, a folder of pictures, a CSV or another data file.") var data: String?
  @Option(recipe: "target") var target: GivenSetting?
  @Option(help: "A recipe file, if the data have none of their own.") var recipe: String?
  @Option(recipe: "model.kind") var model: GivenSetting?
  @Option(
    name: .customLong("set"), help: "Any setting by its key, such as training.clip_norm=1. May be repeated.",
    transform: GivenSetting.init)
  var settings: [GivenSetting] = []
  @Option(help: "Who made it, for the licence and the citation (default: your name on this machine).")
  var author: String?
  @Option(help: "Your account on GitHub, for the address of the page.") var owner: String?
  @Flag(help: "Leave the data out, whatever their size and licence.") var withoutData = false
  @Flag(help: "Write an existing portfolio anew, but for the files that you have changed.") var force = false
  @Flag(
    help: "After a training of your own in it: write its figures, report, page and answers for the model that is there."
  )
  var refresh = false
  @Flag(help: "Make it a repository of git, with a first commit.") var git = false
  @Flag(help: "List the questions of the README that are not answered yet, and write nothing.") var check = false
  @Flag(help: "Print no progress.") var quiet = false

  func validate() throws {
    guard !check || !refresh else { throw ValidationError("--check and --refresh exclude each other.") }
    guard check || refresh || data != nil else { throw ValidationError("Which data? Name them with --data.") }
    guard owner?.wholeMatch(of: /[A-Za-z0-9-]{1,39}/) != nil || owner == nil else {
      throw ValidationError("--owner is an account's name on GitHub, of letters, digits and \"-\".")
    }
  }

  func run() throws {
    try reportingErrors {
      if check { return try StoryQuestions(name == "." ? "README.md" : name + "/README.md").report() }
      if refresh { return try refreshed(PortfolioFolder(existing: name)) }
      let folder = try writing { try PortfolioFolder(name, isForced: force) }
      let data = try PortfolioData(data ?? "", isCarried: !withoutData)
      let workshop = try writing { try Workshop() }
      defer { workshop.close() }
      let portfolio = try workshop.portfolio(
        folder.modelName, data, recipe: recipe, settings: [target, model].compactMap { $0 } + settings,
        author: author ?? Self.userName, owner: owner, isQuiet: quiet)
      let files = try PortfolioParts.files(portfolio)
      try workshop.endIfInterrupted()
      let kept = try writing { try folder.write(files) }
      print(text(files, kept))
      if git { try Repository(folder.place).commit() }
    }
  }

  private func refreshed(_ folder: PortfolioFolder) throws {
    let (written, kept) = try folder.refresh()
    let own = kept.isEmpty ? "" : "\nNot written, because you changed them: \(kept.joined(separator: ", "))."
    print("Wrote \(written.joined(separator: ", ")).\(own)")
  }

  /// What was written, and what to do now.
  private func text(_ files: [PortfolioFile], _ kept: [String]) -> String {
    let own = kept.isEmpty ? "" : "\nNot written, because you changed them: \(kept.joined(separator: ", "))."
    let folder = shellWord(name)
    return """
      Saved \(name): \(files.count - kept.count) files.\(own) Next:
        cd \(folder) && make check
        \(shellCommand([programPath, "new", name, "--check"]))
      """
  }

  /// The name of who runs this, as the system knows it.
  private static var userName: String {
    let full = NSFullUserName()
    return full.isEmpty ? NSUserName() : full
  }
}
