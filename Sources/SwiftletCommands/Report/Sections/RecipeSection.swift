// SPDX-License-Identifier: Apache-2.0
//
// What decided the training.
//
// Before    WorstSection.swift     After    OriginSection.swift

import SwiftletFormats
import SwiftletModels
import SwiftletReports
import SwiftletTracking
import SwiftletTraining

enum RecipeSection: ReportSection {
  static let title = "The recipe"

  static func blocks(_ model: ReportedModel) throws -> [any PageBlock] {
    let own = SettingText.all(in: model.bundle.training["recipe"] ?? .null)
    let usual = SettingText.all(in: Recipe().json)
    let changed = own.filter { setting in !usual.contains { $0 == setting } }
    func table(_ settings: [SettingText]) -> NumberTable {
      NumberTable(columns: ["setting", "value"], rows: settings.map { [$0.key, $0.value] })
    }
    let layers = model.bundle.network.layers.map { "\($0)" }
    let network = "\(model.bundle.kind), \(model.bundle.network.parameterCount) parameters in \(layers.count) layers."
    return [
      Paragraph(network), TableBlock(table(changed), caption: "The settings that are not the usual ones."),
      FoldedBlock("All settings", [TableBlock(table(own), caption: "The resolved recipe.")]),
    ]
  }
}
