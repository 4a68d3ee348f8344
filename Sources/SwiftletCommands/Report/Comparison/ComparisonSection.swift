// SPDX-License-Identifier: Apache-2.0
//
// ComparisonSection: one question about several models or runs.
//
// Before    ComparedRun.swift     After    ScoresSection.swift

import SwiftletReports

/// A part of the page about several models or runs.
protocol ComparisonSection: Sendable {
  /// The heading.
  static var title: String { get }
  /// What stands below it; empty if the section has nothing to say, and is left out.
  static func blocks(_ compared: Compared) throws -> [any PageBlock]
}

/// The sections of a comparison. To add one, write its file and a line in `all`.
enum ComparisonSections {
  static let all: [any ComparisonSection.Type] = [
    ScoresSection.self, PairsSection.self, DifferencesSection.self, CurvesSection.self, StripsSection.self,
  ]

  /// The sections that have something to say.
  static func sections(_ compared: Compared) -> [Page.Section] {
    all.compactMap { section in
      do {
        let blocks = try section.blocks(compared)
        return blocks.isEmpty ? nil : Page.Section(section.title, blocks)
      } catch {
        return Page.Section(section.title, [Paragraph("This could not be computed: \(error)", .notice)])
      }
    }
  }
}
