// SPDX-License-Identifier: Apache-2.0
//
// The data of a portfolio: their files, or what they are if they must stay out.
//
// Before    RecipePart.swift     After    ModelPart.swift

import Foundation
import SwiftletFormats

enum DataPart: PortfolioPart {
  static func files(of portfolio: Portfolio) throws -> [PortfolioFile] {
    let data = portfolio.data
    let isAbsent = data.absence != nil
    let carried = (isAbsent ? [] : data.files.filter { !$0.name.hasPrefix("/") }) + data.papers
    // As they are: what is compressed stays so.
    var files = try carried.map { file in
      guard let bytes = FileManager.default.contents(atPath: file.path) else {
        throw FormatError(file.path, "cannot be read.")
      }
      return PortfolioFile("data/" + file.name, Array(bytes))
    }
    // As `sha256sum` writes and reads it.
    let sums = data.files.map { "\($0.sha256)  \($0.name)\n" }.joined()
    files.append(PortfolioFile("data/SHA256SUMS", sums))
    if isAbsent {
      files.removeAll { $0.name == "data/README.md" }
      files.append(PortfolioFile("data/README.md", notice(data)))
      files.append(
        PortfolioFile("data/.gitignore", "*\n!.gitignore\n!README.md\n!SHA256SUMS\n!dataset.yaml\n!LICENSE\n"))
    }
    return files
  }

  /// What stands in the place of the data.
  private static func notice(_ data: PortfolioData) -> String {
    let rows = data.files.prefix(20).map { "| \(Markdown.code($0.name, isCell: true)) | `\($0.sha256)` |" }
    let more = data.files.count > 20 ? ["", "`SHA256SUMS` has all \(data.files.count)."] : []
    let places = [
      data.description?.source.map { Markdown.text($0) },
      data.description?.install.map { "Install them: \(Markdown.code($0))" },
    ]
    let origin = places.compactMap { $0 }.joined(separator: "\n\n")
    let found = origin.isEmpty ? "Ask the author for the files" : "\(origin)\n\nGet the files"
    let absence = Markdown.text(data.absence ?? "")
    let head = ["# The data are not here", "", absence, "", "| file | SHA-256 |", "| --- | --- |"]
    let tail = ["", "\(found), put them into this folder, and `make check` trains on them again.", ""]
    return (head + rows + more + tail).joined(separator: "\n")
  }
}
