// SPDX-License-Identifier: Apache-2.0
//
// RunDescription: what is known of a run before its first step.
//
// Before    -     After    TrackedRun.swift

import SwiftletFormats
import SwiftletTraining

/// What is known of a run before its first step: the row that it gets in the database.
public struct RunDescription: Sendable {
  /// The name of the model.
  public var name: String
  /// What the run belongs to: by default the name of the data.
  public var experiment: String
  /// The run that this one is a part of: the study of a trial, the trial of a fold.
  public var parent: String?
  /// The command that would do the same again.
  public var command: String
  /// The kind of model, such as `mlp`; of a run that trains others, what it does, such as `tune`.
  public var kind: String
  /// The task, such as `classification`.
  public var task: String
  /// Where the data are.
  public var data: String
  /// The SHA-256 of the data.
  public var dataSHA256: String
  /// The seed of the training.
  public var seed: UInt64
  /// The resolved recipe, in the form of its file.
  public var recipe: JSONValue
  /// The name of the measure that the run is judged by, such as `accuracy`.
  public var headline: String

  /// The run of a recipe.
  ///
  /// - Parameters:
  ///   - experiment: The rows, and what is predicted.
  ///   - recipe: What decides the run.
  ///   - name: What the model will be called.
  ///   - command: The command that would do the same again.
  ///   - parent: The run that this one is a part of.
  public init(
    of experiment: Experiment, _ recipe: Recipe, name: String, command: String = "", parent: String? = nil
  ) {
    self.name = name
    self.experiment = experiment.data.dataset?.name ?? experiment.data.name
    self.parent = parent
    self.command = command
    kind = recipe.model.kind
    task = experiment.head.task
    data = recipe.data
    dataSHA256 = experiment.data.sha256
    seed = recipe.training.seed
    self.recipe = recipe.json
    headline = experiment.head.watchedMetric
  }

  /// The recipe as rows: each setting by its key, such as `training.learning_rate`.
  public var settings: [SettingText] { SettingText.all(in: recipe) }
}

/// A setting and its value, as text.
public struct SettingText: Codable, Equatable, Sendable {
  /// The key, such as `training.learning_rate`.
  public var key: String
  /// The value as it would be written after `--set KEY=`; lists as JSON.
  public var value: String

  /// A setting.
  public init(_ key: String, _ value: String) {
    self.key = key
    self.value = value
  }

  /// The settings of a document, in its order; what is not set is left out.
  package static func all(in document: JSONValue) -> [SettingText] {
    document.leaves().map { SettingText($0.name, $0.value.string ?? $0.value.encoded()) }
  }
}

extension JSONValue {
  /// The settings of a document by their keys, such as `training.learning_rate`; what is not set is left out.
  func leaves(under path: String = "") -> [Member] {
    guard let members else { return self == .null ? [] : [Member(path, self)] }
    return members.flatMap { $0.value.leaves(under: path.isEmpty ? $0.name : path + "." + $0.name) }
  }
}
