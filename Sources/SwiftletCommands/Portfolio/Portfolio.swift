// SPDX-License-Identifier: Apache-2.0
//
// Portfolio: what the files of a portfolio are written from, and the table of its parts.
//
// A part is one file beside this one and one line of `PortfolioParts.all`.
//
// Before    NewCommand.swift     After    PortfolioData.swift

import SwiftletFormats
import SwiftletModels

/// A trained model with its data, and whose they are.
struct Portfolio {
  /// The name of the model: letters, digits, `.`, `_` and `-`.
  let name: String
  /// Who made it.
  let author: String
  /// The account on GitHub, if it is known.
  let owner: String?
  let data: PortfolioData
  /// The recipe as its file has it.
  let recipe: String
  /// The model, measured.
  let reported: ReportedModel
  /// A model of another kind on the same rows, to compare with.
  let alternative: ModelBundle?

  var bundle: ModelBundle { reported.bundle }
  /// What the data are about, for people.
  var title: String { data.description?.title ?? name }
  /// The folder of the model in the portfolio.
  var modelPath: String { "models/\(name)" }

  /// A template with its words replaced.
  func filled(_ template: [UInt8]) -> String {
    String(decoding: template, as: UTF8.self).replacingOccurrences(of: "__NAME__", with: name)
      .replacingOccurrences(of: "__IMAGE__", with: ModelPackage.kubernetesName(of: name) + ":1")
  }
}

/// A file of a portfolio.
struct PortfolioFile {
  /// Its place in the folder, such as `docs/index.html`.
  let name: String
  let bytes: [UInt8]

  init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }

  init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// Something that a portfolio holds: a file, or several that belong together.
protocol PortfolioPart {
  /// The files; none, if this portfolio has no such part.
  ///
  /// - Throws: `FormatError` and `DataError`, with a sentence that says what to do.
  static func files(of portfolio: Portfolio) throws -> [PortfolioFile]
}

/// The parts of a portfolio. To add one, write its file and a line in `all`.
enum PortfolioParts {
  static let all: [any PortfolioPart.Type] = [
    StoryPart.self, RecipePart.self, DataPart.self, ModelPart.self, ReportPart.self, LivePagePart.self,
    ClientsPart.self, TestsPart.self, ContainerPart.self, WorkflowsPart.self, RightsPart.self, CommandsPart.self,
  ]

  /// All files of a portfolio.
  static func files(_ portfolio: Portfolio) throws -> [PortfolioFile] {
    try all.flatMap { try $0.files(of: portfolio) }
  }
}
