// SPDX-License-Identifier: Apache-2.0
//
// RecipeLocation: which recipe SOURCE means, and which data.
//
// Before    GivenSetting.swift     After    RecipeOptions.swift

import Foundation
import SwiftletFormats

/// Where the recipe of a run and its data are.
struct RecipeLocation {
  private let source: String
  /// The recipe file; without one all settings have their defaults.
  let file: String?
  /// The folder of a recipe that was given as the source: its data are beside it.
  private let folder: String?

  /// - Parameters:
  ///   - source: A recipe, a folder that may have a recipe, or data.
  ///   - recipe: A recipe that was named beside the source.
  init(source: String, recipe: String?) {
    self.source = source
    let isRecipe = source.hasSuffix(".yaml") || source.hasSuffix(".yml")
    folder = isRecipe ? source.lastIndex(of: "/").map { String(source[..<$0]) } ?? "." : nil
    let inside = source + "/recipe.yaml"
    let found = isRecipe ? source : FileManager.default.fileExists(atPath: inside) ? inside : nil
    file = recipe ?? found
  }

  /// The recipe, empty if there is none.
  func document() throws -> YAMLDocument {
    try file.map { try YAML.read(.file($0)) } ?? YAMLDocument(name: "recipe", value: .object([]))
  }

  /// The data: the source itself, or the recipe's `data`, relative to its folder.
  func data(in document: YAMLDocument) -> String {
    guard let folder else { return source }
    let data = document.value["data"]?.string ?? "."
    if data == "." { return folder }
    return data.hasPrefix("/") ? data : folder + "/" + data
  }
}
