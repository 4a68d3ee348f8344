// SPDX-License-Identifier: Apache-2.0
//
// MLflowServer: runs on a server of MLflow, while they go on.
//
// A run is made when it begins, a batch of metrics is sent each second, and the model when it is saved. Each run has our
// own name of it as a tag, so that one that was cut off is found again and completed.
//
// Before    MLflowText.swift     After    MLflowPoints.swift
// Source    MLflow, "REST API"; what the client of MLflow 3.17 sends

import Foundation
import SwiftletFormats

/// A server of MLflow as a place to write to.
struct MLflowServer: RunDestination {
  /// A run on the server.
  struct Run {
    /// Its name there.
    let id: String
    /// Where its artifacts are, such as `mlflow-artifacts:/3/RUN/artifacts`.
    let artifacts: String
    /// Whether all of its description has arrived.
    var isDescribed = false
    /// The curves of which a point was no number.
    var nonfinite: [String] = []
    var lastStep = 0
    /// Whether it was on the server before.
    var wasFound = false
    /// What the server has of it, by the names of the curves; only asked for if it was there before.
    var known: [String: Set<MLflowPoint>] = [:]
  }

  let client: MLflowClient
  /// The name under which the models are registered; `nil` not to.
  let registration: String?
  /// Whether a run may be on the server already.
  let continues: Bool
  let patience: Double
  private var experiments: [String: String] = [:]
  private var runs: [String: Run] = [:]
  private(set) var remarks: [String] = []

  /// Runs on a server.
  ///
  /// - Parameters:
  ///   - client: Calls it.
  ///   - registration: The name under which the models are registered; `nil` not to.
  ///   - continues: Whether a run may be there already.
  ///   - patience: How long to leave the server alone after it failed, in seconds.
  init(_ client: MLflowClient, registration: String?, continues: Bool = false, patience: Double = 5) {
    self.client = client
    self.registration = registration
    self.continues = continues
    self.patience = patience
  }

  mutating func write(_ changes: inout RunChanges) throws {
    while let change = changes.changes.first {
      do { try send(change, of: changes.id) } catch MLflowError.refused(let reason) {
        remark("\(client.address.url) does not take a part of this run: \(reason)")
      }
      changes.changes.removeFirst()
    }
  }

  func warning(about error: any Error) -> String {
    let reason = (error as? MLflowError)?.reason ?? "\(error)"
    return "This run is not on \(client.address.url) as a whole: \(reason)."
  }

  var haste: Haste? { client.haste }

  var remedy: String { "`swiftlet runs export --mlflow` sends it later." }

  mutating func remark(_ sentence: String) { if !remarks.contains(sentence) { remarks.append(sentence) } }

  private mutating func send(_ change: RunChange, of id: String) throws {
    if case .begun(let description, let time) = change { return try begin(id, description, at: time) }
    guard var run = runs[id] else { return }  // it was refused, which was said
    switch change {
    case .begun: break
    case .points(let points):
      run.lastStep = max(run.lastStep, points.map(\.step).max() ?? 0)
      try send(points.map { .init(name: $0.name, step: $0.step, value: $0.value, time: $0.time) }, of: &run)
    case .metrics(let metrics, let time):
      try send(
        metrics.map { .init(name: "\($0.split)/\($0.name)", step: run.lastStep, value: $0.value, time: time) },
        of: &run)
    case .judged(let score, let seconds):
      let now = Date().timeIntervalSince1970
      let values = [("score", score), ("seconds", seconds)].compactMap { name, value in
        value.map { RunPoint(name: name, step: run.lastStep, value: $0, time: now) }
      }
      try send(values, of: &run)
    case .tag(let tag): try set([SettingText("swiftlet." + tag.key, tag.value)], of: run)
    case .ended(let end, let time): try finish(run, end, at: time)
    }
    runs[id] = run
  }

  // MARK: The beginning

  private mutating func begin(_ id: String, _ description: RunDescription, at time: Double) throws {
    let experiment = try experiment(client.address.experiment ?? description.experiment)
    var run: Run
    if let known = runs[id] {
      run = known
    } else if continues, let found = try find(id, in: experiment) {
      run = found
      run.wasFound = true
    } else {
      run = try make(id, description, in: experiment, at: time)
    }
    runs[id] = run
    guard !run.isDescribed else { return }
    for batch in MLflowText.batches(description.settings) {
      try client.call("runs/log-batch", ["run_id": .string(run.id), "params": .array(batch.map(\.pair))])
    }
    try client.call("runs/log-inputs", ["run_id": .string(run.id), "datasets": [description.dataset]])
    // Values may have been shortened; here they are not.
    try put("recipe.json", .bytes(Array((description.recipe.encoded(pretty: true) + "\n").utf8)), of: run)
    run.isDescribed = true
    runs[id] = run
  }

  private mutating func experiment(_ name: String) throws -> String {
    if let known = experiments[name] { return known }
    let question = "experiments/get-by-name?experiment_name=" + MLflowText.escaped(name)
    func ask() throws -> String? { try client.call(question)["experiment"]?["experiment_id"]?.string }
    var found: String?
    do { found = try ask() } catch MLflowError.missing {
      do {
        found = try client.call("experiments/create", ["name": .string(name)])["experiment_id"]?.string
      } catch MLflowError.exists { found = try ask() }  // another program was faster
    }
    guard let found else { throw MLflowError.foreign(200) }
    experiments[name] = found
    return found
  }

  private func find(_ id: String, in experiment: String) throws -> Run? {
    let answer = try client.call(
      "runs/search",
      [
        "experiment_ids": [.string(experiment)], "filter": .string("tags.`swiftlet.run` = '\(id)'"), "max_results": 1,
      ])
    return try answer["runs"]?.array?.first.map(run)
  }

  private func make(_ id: String, _ description: RunDescription, in experiment: String, at time: Double) throws -> Run {
    let user = ProcessInfo.processInfo.environment["USER"] ?? NSUserName()
    let parent = description.parent.flatMap { runs[$0]?.id }
    let tags =
      [
        SettingText("mlflow.user", user), SettingText("mlflow.source.name", description.command),
        SettingText("mlflow.source.type", "LOCAL"), SettingText("swiftlet.run", id),
      ] + (parent.map { [SettingText("mlflow.parentRunId", $0)] } ?? [])
    let answer = try client.call(
      "runs/create",
      [
        "experiment_id": .string(experiment), "run_name": .string(description.name), "start_time": milliseconds(time),
        "tags": .array(tags.map { SettingText($0.key, MLflowText.value($0.value)).pair }),
      ])
    guard let made = answer["run"] else { throw MLflowError.foreign(200) }
    return try run(made)
  }

  private func run(_ json: JSONValue) throws -> Run {
    guard let id = json["info"]?["run_id"]?.string else { throw MLflowError.foreign(200) }
    return Run(id: id, artifacts: json["info"]?["artifact_uri"]?.string ?? "")
  }

  // MARK: What it says

  /// Sends points; JSON has no word for NaN and infinity, so such points become a tag.
  private func send(_ points: [RunPoint], of run: inout Run) throws {
    let finite = try lacking(points.filter { $0.value?.isFinite == true }, in: &run)
    var rest = finite[...]
    while !rest.isEmpty {
      let batch = rest.prefix(MLflowText.metricCount).map { point -> JSONValue in
        [
          "key": .string(MLflowText.name(point.name)), "value": .number(point.value ?? 0),
          "timestamp": milliseconds(point.time), "step": JSONValue(point.step),
        ]
      }
      try client.call("runs/log-batch", ["run_id": .string(run.id), "metrics": .array(batch)])
      rest = rest.dropFirst(batch.count)
    }
    let others = points.filter { $0.value?.isFinite != true }.map(\.name).filter { !run.nonfinite.contains($0) }
    guard !others.isEmpty else { return }
    run.nonfinite = Array(Set(run.nonfinite + others)).sorted()
    try set([SettingText("swiftlet.nonfinite", run.nonfinite.joined(separator: ", "))], of: run)
  }

  func set(_ tags: [SettingText], of run: Run) throws {
    for batch in MLflowText.batches(tags) {
      try client.call("runs/log-batch", ["run_id": .string(run.id), "tags": .array(batch.map(\.pair))])
    }
  }
}

/// A time as MLflow has it.
func milliseconds(_ seconds: Double) -> JSONValue { .number((seconds * 1000).rounded()) }

extension SettingText {
  /// A parameter or a tag in a request.
  var pair: JSONValue { ["key": .string(key), "value": .string(value)] }
}

extension RunDescription {
  /// The data, as the input of a run.
  fileprivate var dataset: JSONValue {
    let place = URL(fileURLWithPath: data).path
    return [
      "tags": [["key": "mlflow.data.context", "value": "training"]],
      "dataset": [
        "name": .string(String(experiment.prefix(500))), "digest": .string(String(dataSHA256.prefix(36))),
        "source_type": "local", "source": .string((["uri": .string(place)] as JSONValue).encoded()),
      ],
    ]
  }
}
