// SPDX-License-Identifier: Apache-2.0
//
// ReportSection: one question that a report answers.
//
// A section is one file and one line of `ReportSections.all`, in the order of reading: first whether the model is good, then on
// what data, how it learned, where it is wrong, and at the end how to make it again.
//
// Before    ReportedModel.swift     After    Report/Sections/VerdictSection.swift

import SwiftletReports

/// A part of the report on a model.
protocol ReportSection: Sendable {
  /// The heading.
  static var title: String { get }
  /// What stands below it; empty if the section has nothing to say of this model, and is left out.
  ///
  /// - Throws: `FormatError` and `DataError`, which the report shows in the place of the section.
  static func blocks(_ model: ReportedModel) throws -> [any PageBlock]
}

/// The sections of a report. To add one, write its file and a line in `all`.
enum ReportSections {
  static let all: [any ReportSection.Type] = [
    VerdictSection.self, RowsSection.self, LearningSection.self, AnswersSection.self, ThresholdSection.self,
    CalibrationSection.self, ImportanceSection.self, DependenceSection.self, SlicesSection.self, WorstSection.self,
    RecipeSection.self, OriginSection.self,
  ]

  /// The sections that have something to say.
  static func sections(_ model: ReportedModel) -> [Page.Section] {
    all.compactMap { section in
      do {
        let blocks = try section.blocks(model)
        return blocks.isEmpty ? nil : Page.Section(section.title, blocks)
      } catch {
        return Page.Section(section.title, [Paragraph("This could not be computed: \(error)", .notice)])
      }
    }
  }
}
