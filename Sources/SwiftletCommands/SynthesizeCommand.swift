// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet synthesize`: data sets of any size, made by a program.
//
// Before    SaliencyReport.swift     After    QuickstartCommand.swift

import ArgumentParser
import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletSynthesis

struct SynthesizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize",
    abstract: "Make a data set: points in the plane, a robot, a road, a shop, thieves.",
    discussion: """
      Writes a folder with the data, their description, a recipe and a README. Without a NAME it lists the sets. By \
      default a set is, byte for byte, the one in Datasets; another seed or number of rows gives new rows of the same \
      kind.

        swiftlet synthesize spirals --seed 5 --rows 2000
        swiftlet train spirals
      """)

  @Argument(help: "The set; without it, all are listed.") var name: String?
  @Option(help: "Another seed gives other rows of the same kind.") var seed: UInt64?
  @Option(help: "The number of rows; approximate for card-fraud.") var rows: Int?
  @Option(help: "The folder to write; by default NAME.") var output: String?
  @Flag(help: "Replace a data set that exists already.") var force = false

  private var dataset: SyntheticDataset? { SyntheticDataset.all.first { $0.name == name } }

  func validate() throws {
    if let name, dataset == nil {
      let names = SyntheticDataset.all.map(\.name)
      throw ValidationError(
        "There is no set \"\(name)\".\(suggestion(for: name, in: names)) Without a name, all are listed.")
    }
    if let rows, !(20...SyntheticDataset.rowLimit).contains(rows) {
      throw ValidationError("--rows is from 20 to \(SyntheticDataset.rowLimit), not \(rows).")
    }
  }

  func run() throws {
    try reportingErrors {
      guard let name, let dataset else { return list() }
      let folder = output ?? name
      let names = try dataset.files(rows: 20).map(\.name)
      let kind = OutputFolder(noun: "data set of this kind", marks: names, names: names)
      try writing { try kind.check(folder, isForced: force) }
      let files = try dataset.files(seed: seed, rows: rows)
      try writing { try kind.write(files, to: folder) }
      let next = ["inspect", "train"].map { "\n  " + shellCommand([programPath, $0, folder]) }
      print("Saved \(folder). Next:" + next.joined())
    }
  }

  private func list() {
    print(
      textTable(
        [["set", "rows", "seed", ""]]
          + SyntheticDataset.all.map { [$0.name, "\($0.rows)", "\($0.seed)", $0.summary] }, alignsLeft: [0, 3]))
    print("\nMake one: \(shellWord(programPath)) synthesize moons --seed 5 --rows 2000")
  }
}
