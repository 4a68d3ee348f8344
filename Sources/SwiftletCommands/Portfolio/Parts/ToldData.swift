// SPDX-License-Identifier: Apache-2.0
//
// ToldData: what the page of a data set tells, for the story of a model.
//
// Before    StoryPart.swift     After    TriedModels.swift

import Foundation
import SwiftletFormats

/// Parts of the README in a data set's folder; none of them needs to be there.
struct ToldData {
  /// The paragraph that begins with **The question.**
  private(set) var question: String?
  /// The paragraphs below the title.
  private(set) var introduction: String?
  /// The list under "What to mind".
  private(set) var cautions: [String] = []

  init(_ data: PortfolioData) {
    let page = data.papers.first { $0.name == "README.md" }
    let bytes = page.flatMap { try? ByteSource.file($0.path).readAll(limit: 1 << 20) }
    self.init(String(decoding: bytes ?? [], as: UTF8.self))
  }

  init(_ text: String) {
    // Links of that page lead from its own folder.
    let text = text.replacing(/\[([^\]]*)\]\((?!https?:)[^)]*\)/) { String($0.1) }
    let sections = ("\n" + text).components(separatedBy: "\n## ")
    let paragraphs = sections[0].components(separatedBy: "\n\n").map {
      $0.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    let body = paragraphs.filter { !$0.isEmpty && !$0.hasPrefix("# ") && !$0.hasPrefix("<!--") }
    introduction = body.isEmpty ? nil : body.joined(separator: "\n\n")
    question = text.components(separatedBy: "\n\n").first { $0.hasPrefix("**The question.**") }?
      .replacingOccurrences(of: "**The question.** ", with: "")
    let minded = sections.first { $0.hasPrefix("What to mind\n") }?.components(separatedBy: "\n\n").dropFirst().first
    cautions = minded.map { $0.split(separator: "\n").map(String.init) } ?? []
  }
}
