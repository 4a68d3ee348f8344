// SPDX-License-Identifier: Apache-2.0
//
// Chart: numbers as a picture, and the same numbers as a table.
//
// Who cannot see a picture, or wants a number exactly, reads the table: a chart without one does not exist.
//
// Before    NumberTable.swift     After    LineChart.swift

/// Numbers as a picture.
public protocol Chart: Sendable {
  /// The title above the picture.
  var title: String { get }
  /// The picture as SVG.
  ///
  /// - Parameter form: A file, or a part of a page.
  func svg(_ form: PictureForm) -> String
  /// The same numbers as a table.
  var numbers: NumberTable { get }
}

extension Chart {
  /// The chart as a file of SVG.
  public func svg() -> String { svg(.file) }
}

/// Where a picture will stand.
public enum PictureForm: Sendable, Equatable {
  /// In a file of its own, with its style.
  case file
  /// In a page of HTML that has the style; `name` begins its ids, so each picture of the page needs another.
  case inline(name: String)
}
