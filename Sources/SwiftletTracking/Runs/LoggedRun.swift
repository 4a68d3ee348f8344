// SPDX-License-Identifier: Apache-2.0
//
// LoggedRun: a run that is being written into the list.
//
// Before    RunLog.swift     After    RebuildingRuns.swift

import Synchronization
import SwiftletModels
import SwiftletTraining

/// A run that is being written into the list. It observes its training: each epoch becomes points of curves, and the
/// record at the end becomes measures.
public final class LoggedRun: RunObserver {
  private struct State {
    var points: [RunPoint] = []
    var lastWrite: Double
  }

  /// Its name in the list: 16 hexadecimal digits.
  public let id: String
  /// What was known of it at its beginning.
  public let description: RunDescription
  private let log: RunLog
  private let state: Mutex<State>

  init(id: String, _ description: RunDescription, log: RunLog) {
    self.id = id
    self.description = description
    self.log = log
    state = Mutex(State(lastWrite: log.now))
  }

  /// The name of a part of this run, the same at every time: so a search that goes on finds its trials again.
  ///
  /// - Parameter number: Which part, from 0.
  public func partID(_ number: Int) -> String { RunIdentifier.part(number, of: id) }

  /// Notes epochs and the record; points are written once a second.
  public func saw(_ event: RunEvent) {
    switch event {
    case .epochEnded(let figures): add(RunPoint.all(of: figures, at: log.now))
    case .ended(let record):
      let metrics = record.figures.parts.flatMap { part in
        part.metrics.map {
          RunMetric(
            split: part.split.rawValue, name: $0.name, value: $0.value, low: $0.interval?.low, high: $0.interval?.high)
        }
      }
      let score = record.figures.judged.metrics[description.headline]
      log.add(pending() + [.metrics(metrics, at: log.now), .judged(score: score, seconds: record.seconds)], to: id)
    case .said, .warned, .progressed: break
    }
  }

  /// Adds points to the curves.
  public func add(_ points: [RunPoint]) {
    let now = log.now
    let due = state.withLock { state in
      state.points += points
      guard now - state.lastWrite >= 1 else { return [RunPoint]() }
      state.lastWrite = now
      defer { state.points = [] }
      return state.points
    }
    guard !due.isEmpty else { return }
    log.add([.points(due)], to: id)
    log.flush()
  }

  /// Adds measures; one that is there already is replaced.
  public func add(_ metrics: [RunMetric]) { log.add(pending() + [.metrics(metrics, at: log.now)], to: id) }

  /// Notes something in words.
  public func tag(_ key: String, _ value: String) { log.add([.tag(SettingText(key, value))], to: id) }

  /// Notes the value by which the run is judged, in place of that of its record.
  public func judge(score: Double) { log.add([.judged(score: score, seconds: nil)], to: id) }

  /// Notes how the run ended. Called after the model was saved.
  public func end(_ end: RunEnd) {
    log.add(pending() + [.ended(end, at: log.now)], to: id)
    log.flush()
  }

  /// The points that wait for the next second: what is said after them is written after them.
  private func pending() -> [RunChange] {
    let points = state.withLock { state in
      defer { state.points = [] }
      return state.points
    }
    return points.isEmpty ? [] : [.points(points)]
  }
}

extension RunPoint {
  /// The points of an epoch, under the names that history.csv has for them.
  static func all(of figures: EpochFigures, at time: Double) -> [RunPoint] {
    let validation = figures.validationMetric.map { [("validation_" + $0.name, $0.value)] } ?? []
    let values: [(String, Double?)] =
      [("train_loss", figures.trainLoss), ("validation_loss", figures.validationLoss)] + validation
      + [("learning_rate", figures.learningRate.map(Double.init))]
    return values.compactMap { name, value in
      value.map { RunPoint(name: name, step: figures.epoch, value: $0.isNaN ? nil : $0, time: time) }
    }
  }
}
