// SPDX-License-Identifier: Apache-2.0
//
// RunExport: runs of the list, sent to another place as if they went on now.
//
// Before    MLflow/MLflowModel.swift     After    -

import SwiftletFormats

extension RunsDatabase {
  /// Sends runs, with those that are a part of them, to another place.
  ///
  /// What a server has of a run already, because it was there for a while, is completed.
  ///
  /// - Parameters:
  ///   - runs: Which ones.
  ///   - place: Where to.
  /// - Returns: What was left out, in sentences.
  /// - Throws: `FormatError` if the place cannot be reached or written.
  public func export(_ runs: [TrackedRun], to place: RunPlace) throws -> [String] {
    var destination = place.destination
    defer { destination.close() }
    for run in runs { try send(run, to: &destination) }
    return destination.remarks
  }

  private func send(_ run: TrackedRun, to destination: inout any RunDestination) throws {
    var changes = RunChanges(id: run.id, changes: try details(of: run).changes)
    do { try destination.write(&changes) } catch {
      throw FormatError("run \(run.id)", destination.warning(about: error))
    }
    for part in try self.runs(.parts(of: run.id)).reversed() { try send(part, to: &destination) }
  }
}

extension RunDetails {
  /// What was once written of the run, in its order.
  var changes: [RunChange] {
    let end = run.ended ?? run.started
    var changes: [RunChange] = [.begun(RunDescription(of: self), at: run.started), .points(pointsByStep)]
    changes += tags.map { .tag($0) }
    changes += [.metrics(metrics, at: end), .judged(score: run.score, seconds: run.seconds)]
    if run.state != .running {
      changes.append(.ended(RunEnd(run.state, bundle: run.bundle, error: run.error), at: end))
    }
    return changes
  }

  private var pointsByStep: [RunPoint] { points.sorted { ($0.step, $0.time) < ($1.step, $1.time) } }
}

extension RunDescription {
  /// The run that a list has.
  init(of details: RunDetails) {
    let run = details.run
    name = run.name
    experiment = run.experiment
    parent = run.parent
    command = run.command
    kind = run.kind ?? ""
    task = run.task ?? ""
    data = run.data ?? ""
    dataSHA256 = run.dataSHA256 ?? ""
    seed = UInt64(max(run.seed ?? 0, 0))
    recipe = details.recipe
    headline = run.headline ?? ""
  }
}
