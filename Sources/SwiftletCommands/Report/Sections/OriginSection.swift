// SPDX-License-Identifier: Apache-2.0
//
// How to make the model again.
//
// Before    RecipeSection.swift     After    Report/CardText.swift

import SwiftletFormats
import SwiftletReports

enum OriginSection: ReportSection {
  static let title = "How to make it again"

  static func blocks(_ model: ReportedModel) throws -> [any PageBlock] {
    let training = model.bundle.training
    let known = [
      ("data", model.recipe.data), ("SHA-256 of the data", training["data_sha256"]?.string),
      ("seed", training["seed"]?.number.map { NumberTable.text($0) }),
      ("threads", training["threads"]?.number.map { NumberTable.text($0) }),
      ("swiftlet", training["swiftlet"]?.string), ("OpenBLAS", training["openblas"]?.string),
      ("core", training["core"]?.string),
      ("seconds of fitting", training["seconds"]?.number.map { NumberTable.text($0) }),
    ]
    let rows = known.compactMap { name, value in value.map { [name, $0] } }
    let command = CardText(model.bundle.card).command
    return (command.map { [Listing($0)] } ?? []) + [
      Paragraph(
        "With the same data, seed, number of threads, OpenBLAS and core the parameters are the same to the last bit; elsewhere "
          + "the answers agree closely."),
      TableBlock(NumberTable(columns: ["", ""], rows: rows), caption: "What the result depends on."),
    ]
  }
}
