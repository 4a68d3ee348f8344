// SPDX-License-Identifier: Apache-2.0
//
// TuningOptions: the section `tune` of a recipe, which `swiftlet tune` reads and a training leaves alone.
//
// Before    TuningSpace.swift     After    Trial.swift

import SwiftletFormats
import SwiftletTables
import SwiftletTraining

/// How a search goes about it.
public struct TuningOptions: Sendable, Equatable {
  /// Number of trials, the recipe itself among them.
  public var trials = 27
  /// Number of folds by which the finalists are judged.
  public var folds = 5
  /// Number of trials that are judged by folds, besides the recipe.
  public var finalists = 3
  /// The metric; empty for the loss.
  public var metric = ""
  /// Chooses other trials.
  public var seed: UInt64 = 7
  /// What is varied; `nil` for the usual settings of the kind of model.
  public var search: JSONValue?

  /// The usual ones.
  public init() {}

  /// Every setting but `search`.
  package static let settings = SettingTable<TuningOptions>(
    "tune",
    [
      .integer("trials", \.trials, 1...100_000, "The number of trials, the recipe itself among them."),
      .integer("folds", \.folds, 2...1000, "The number of folds that judge the finalists."),
      .integer("finalists", \.finalists, 1...1000, "The number of trials that are judged by folds."),
      .text("metric", \.metric, "The metric to choose by; empty for the loss."),
      .seed("seed", \.seed, "Another seed tries other values."),
    ])

  /// Reads the section of a recipe.
  ///
  /// - Parameter section: `nil` if there is none.
  /// - Throws: `DataError` for a key that does not exist, or a value that is not allowed.
  public init(_ section: JSONValue?) throws {
    guard let section, section != .null else { return }
    guard let members = section.members else { throw DataError("tune must be a mapping of keys to values.") }
    search = section["search"]
    for member in members where member.name != "search" {
      do { try TuningOptions.settings.apply(member.value, at: member.name, to: &self) } catch let error as SettingError
      {
        throw DataError("tune: \(error.message)")
      }
    }
  }
}
