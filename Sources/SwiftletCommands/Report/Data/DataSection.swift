// SPDX-License-Identifier: Apache-2.0
//
// DataSection: one question about data before a training.
//
// Before    LookedAtData.swift     After    ColumnsSection.swift

import SwiftletReports

/// A part of the look at data.
protocol DataSection: Sendable {
  /// The heading.
  static var title: String { get }
  /// What stands below it; empty if the section has nothing to say of these data, and is left out.
  static func blocks(_ data: LookedAtData) throws -> [any PageBlock]
}

/// The sections of a look at data. To add one, write its file and a line in `all`.
enum DataSections {
  static let all: [any DataSection.Type] = [
    ColumnsSection.self, MissingSection.self, DistributionsSection.self, TargetSection.self, CorrelationsSection.self,
    OutliersSection.self,
  ]

  /// The page about data.
  static func page(_ data: LookedAtData) -> Page {
    let table = data.data.table
    let sections = all.compactMap { section -> Page.Section? in
      do {
        let blocks = try section.blocks(data)
        return blocks.isEmpty ? nil : Page.Section(section.title, blocks)
      } catch {
        return Page.Section(section.title, [Paragraph("This could not be computed: \(error)", .notice)])
      }
    }
    return Page(
      title: data.data.dataset?.title ?? data.data.name,
      subtitle: "\(table.rowCount) rows, \(table.columns.count) columns, before any training.",
      sections: sections, footer: "Written by swiftlet.")
  }
}
