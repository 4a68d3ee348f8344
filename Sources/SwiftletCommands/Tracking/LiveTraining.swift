// SPDX-License-Identifier: Apache-2.0
//
// LiveTraining: a training in a browser, while it goes on.
//
// Before    TrackingOptions.swift     After    Tracking.swift

import ArgumentParser
import Foundation
import Synchronization
import SwiftletFormats
import SwiftletModels
import SwiftletServing
import SwiftletTraining
import SwiftletUnderstanding

/// The flags that let a browser watch.
struct LiveOptions: ParsableArguments {
  @Flag(help: "Show the training in a browser while it goes on: its address on this machine is printed.") var live =
    false
  @Option(help: "The port of --live (default: any that is free).") var livePort: Int?

  func validate() throws {
    if let livePort {
      guard live else { throw ValidationError("--live-port is the port of --live.") }
      guard (0...65535).contains(livePort) else {
        throw ValidationError("--live-port is from 0 to 65535, not \(livePort).")
      }
    }
  }

  /// Opens the page, and says where; `nil` if nobody wants to watch.
  func opened(_ name: String) throws -> LiveTraining? { live ? try LiveTraining(name, port: livePort ?? 0) : nil }
}

/// Sends each epoch to the page. The diagnosis is asked at each of them, so it says what goes wrong while it does.
final class LiveTraining: RunObserver {
  private struct State {
    var history = History(validationMetric: nil)
    var baselineLoss: Double?
    var lastID = 1
  }

  private let page: TrainingPage
  private let state = Mutex(State())
  /// Rules look at all epochs, so in a very long run they are asked less and less often.
  private static let patience = 200

  init(_ name: String, port: Int) throws {
    page = try TrainingPage(port: port)
    page.send(id: 1, "begin", data: LiveTraining.line(["name": .string(name)]))
    printError("Watch the training at http://127.0.0.1:\(page.port)/")
  }

  /// Notes what guessing would reach, which the rules compare with.
  func knows(_ run: Run) {
    let truth = run.data.train.truth
    var baseline = 1.0
    if !run.data.head.labels.isEmpty {
      var counts = run.data.head.labels.map { _ in 0.0 }
      for label in truth.labels { counts[Int(label)] += 1 }
      let total = max(1, counts.reduce(0, +))
      baseline = counts.reduce(0) { $1 > 0 ? $0 - $1 / total * log($1 / total) : $0 }
    }
    state.withLock { $0.baselineLoss = baseline }
  }

  func saw(_ event: RunEvent) {
    guard case .epochEnded(let figures) = event else { return }
    let (findings, id) = state.withLock { state -> ([Finding]?, Int) in
      state.history.epochs.append(figures)
      state.lastID = max(state.lastID + 1, figures.epoch + 1)
      let count = state.history.epochs.count
      guard count <= Self.patience || count % (count / Self.patience) == 0 else { return (nil, state.lastID) }
      var evidence = RunEvidence(state.history, baselineLoss: state.baselineLoss)
      evidence.ending = .interrupted  // what is only true at the end is not said yet
      return (diagnosis(of: evidence), state.lastID)
    }
    func number(_ value: Double?) -> JSONValue { value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null }
    page.send(
      id: id, "epoch",
      data: LiveTraining.line([
        "epoch": JSONValue(figures.epoch), "train": number(figures.trainLoss),
        "validation": number(figures.validationLoss),
        "metric": figures.validationMetric.map { .string($0.name) } ?? .null,
        "value": number(figures.validationMetric?.value),
        "findings": findings.map { .array($0.map(\.json)) } ?? .null,
      ]))
  }

  /// Says how it ended, and closes the page.
  func end(_ sentence: String, _ findings: [Finding]) {
    let id = state.withLock { $0.lastID + 1 }
    page.send(
      id: id, "end",
      data: LiveTraining.line(["sentence": .string(sentence), "findings": .array(findings.map(\.json))]))
    page.end()
  }

  /// JSON without a line end, which would end the event.
  private static func line(_ value: JSONValue) -> String {
    value.encoded().replacingOccurrences(of: "\n", with: " ").replacingOccurrences(of: "\r", with: " ")
  }
}
