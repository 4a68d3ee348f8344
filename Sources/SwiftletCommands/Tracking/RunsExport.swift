// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet runs export`: runs of the list, sent to MLflow or written for TensorBoard.
//
// Before    RunsCommand.swift     After    RunsText.swift

import ArgumentParser
import Foundation
import SwiftletFormats
import SwiftletTracking

extension RunsCommand {
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Send runs to a server of MLflow, or write them for TensorBoard.",
      discussion: """
        With their trials and their models. Without the name of a run, all runs are sent. What a server of MLflow has \
        already, because a training sent it, is completed and not made twice; TensorBoard's files are written anew.

          swiftlet runs export --mlflow http://127.0.0.1:5000
          swiftlet runs export --mlflow http://127.0.0.1:5000 latest
          swiftlet runs export --tensorboard events
          tensorboard --logdir events
        """)
    @OptionGroup var place: Place
    @Argument(help: "Runs (default: all of them).") var runs: [String] = []
    @Option(help: ArgumentHelp("A server of MLflow (default: $MLFLOW_TRACKING_URI).", valueName: "url"))
    var mlflow: String?
    @Option(help: ArgumentHelp("A folder for TensorBoard.", valueName: "dir")) var tensorboard: String?

    func validate() throws {
      guard mlflow == nil || tensorboard == nil else {
        throw ValidationError("--mlflow and --tensorboard exclude each other.")
      }
      try MLflowAddress.check(flag: mlflow)
    }

    func run() throws {
      try reportingErrors {
        let (target, name) = try target()
        let database = try place.opened()
        let chosen = try runs.isEmpty ? database.runs(.whole).reversed() : runs.map(database.run)
        let remarks = try writing { try database.export(chosen, to: target) }
        for remark in remarks { printError("warning: \(remark)") }
        let verb = tensorboard == nil ? "Sent" : "Wrote"
        print("\(verb) \(chosen.count) \(chosen.count == 1 ? "run" : "runs") to \(name).")
      }
    }

    private func target() throws -> (place: RunPlace, name: String) {
      if let tensorboard { return (.tensorBoard(tensorboard), tensorboard) }
      let given = ProcessInfo.processInfo.environment["MLFLOW_TRACKING_URI"].flatMap { $0.isEmpty ? nil : $0 }
      guard let url = mlflow ?? given else {
        throw ValidationError("Say where to: --mlflow URL or --tensorboard DIR.")
      }
      let address = try MLflowAddress(url)
      return (.mlflow(address, continues: true), address.url)
    }
  }
}
