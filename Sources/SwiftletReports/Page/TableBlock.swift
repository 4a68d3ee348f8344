// SPDX-License-Identifier: Apache-2.0
//
// TableBlock: rows and columns in a page.
//
// Before    ChartBlock.swift     After    HTML.swift

/// A table, of which a long one is thinned.
package struct TableBlock: PageBlock {
  /// More rows make a page slow to load and are not read.
  package static let mostRows = 60
  /// More columns do not fit.
  package static let mostColumns = 24

  package var table: NumberTable
  /// What the table shows.
  package var caption: String
  /// Whether the first rows are kept of a long table, and not some from everywhere: of rows that are in order of importance.
  package var keepsFirst: Bool

  package init(_ table: NumberTable, caption: String, keepsFirst: Bool = true) {
    self.table = table
    self.caption = caption
    self.keepsFirst = keepsFirst
  }

  package func html(_ ids: inout PageIDs) -> String {
    let columns = min(table.columns.count, TableBlock.mostColumns)
    let rows = chosen
    let isNumber = (0..<columns).map { column in
      column > 0 && rows.allSatisfy { $0.count <= column || HTML.looksLikeNumber($0[column]) }
    }
    func cell(_ column: Int, _ text: String, heads scope: String? = nil) -> String {
      let style = isNumber[column] ? " class=\"n\"" : ""
      guard let scope else { return "<td\(style)>\(HTML.escaped(text))</td>" }
      return "<th scope=\"\(scope)\"\(style)>\(HTML.escaped(text))</th>"
    }
    let head = table.columns.prefix(columns).enumerated().map { column, name in
      name.isEmpty ? "<td></td>" : cell(column, name, heads: "col")
    }
    let body = rows.map { row in
      let cells = row.prefix(columns).enumerated().map { column, text in
        column == 0 && !text.isEmpty ? cell(0, text, heads: "row") : cell(column, text)
      }
      return "<tr>\(cells.joined())</tr>"
    }
    return """
      <div class="scroll" tabindex="0" role="group" aria-label="\(HTML.escaped(caption))"><table>
      <caption>\(HTML.escaped(caption + omission(rows.count)))</caption>
      <thead><tr>\(head.joined())</tr></thead>
      <tbody>\(body.joined(separator: "\n"))</tbody>
      </table></div>
      """
  }

  /// The rows that are shown.
  private var chosen: [[String]] {
    let count = table.rows.count
    guard count > TableBlock.mostRows else { return table.rows }
    guard !keepsFirst else { return Array(table.rows.prefix(TableBlock.mostRows)) }
    // Evenly, with the first and the last.
    return (0..<TableBlock.mostRows).map { table.rows[$0 * (count - 1) / (TableBlock.mostRows - 1)] }
  }

  private func omission(_ shown: Int) -> String {
    var text = ""
    if shown < table.rows.count {
      text += " \(keepsFirst ? "The first \(shown)" : "\(shown), evenly chosen,") of \(table.rows.count) rows."
    }
    if table.columns.count > TableBlock.mostColumns {
      text += " The first \(TableBlock.mostColumns) of \(table.columns.count) columns."
    }
    return text
  }
}
