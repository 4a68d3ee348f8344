// SPDX-License-Identifier: Apache-2.0
//
// Recipes as documents: laid over each other, read, and written whole.
//
// Before    RecommendationSettings.swift     After    Kinds/ModelKind.swift

import SwiftletFormats

extension Recipe {
  /// Reads a recipe, with settings laid over it.
  ///
  /// If the settings name another kind of model than the document does, the document's sections `model` and `training`
  /// do not count: they were chosen for its own kind.
  ///
  /// - Parameters:
  ///   - document: A recipe file, or an empty document.
  ///   - settings: Keys such as `training.epochs`, or sections, and their values; later ones win.
  /// - Throws: `FormatError` with the line of the mistake in the document; `SettingError` for a setting.
  public init(_ document: YAMLDocument, settings: [(path: String, value: JSONValue)] = []) throws {
    self.init()
    // The section `tune` is for `swiftlet tune`: it decides no run.
    var own = document
    own.value = document.value.members.map { .object($0.filter { $0.name != "tune" }) } ?? document.value
    try Recipe.settings.read(own, into: &self)
    let kind = settings.last { $0.path == "model.kind" }?.value
    if let kind, let own = document.value["model"]?["kind"], own != kind {
      let defaults = Recipe()
      model = defaults.model
      training = defaults.training
    }
    for (path, value) in settings { try Recipe.settings.apply(value, at: path, to: &self) }
  }

  /// Every setting, in the form of a recipe file. The optimizer is the one that `auto` stands for.
  public var json: JSONValue {
    var resolved = self
    resolved.training.optimizer = resolvedOptimizer
    return Recipe.settings.json(of: resolved)
  }
}
