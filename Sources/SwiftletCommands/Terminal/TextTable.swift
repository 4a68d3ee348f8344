// SPDX-License-Identifier: Apache-2.0
//
// A table in the terminal: columns that line up.
//
// Before    Chart.swift     After    OutputFile.swift

/// Rows of cells with two spaces between columns: the first to the left, the others to the right.
func textTable(_ rows: [[String]], alignsLeft: Set<Int> = [0]) -> String {
  let columnCount = rows.map(\.count).max() ?? 0
  let widths = (0..<columnCount).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
  return rows.map { row in
    var line = row.enumerated().map { column, cell in
      let space = String(repeating: " ", count: widths[column] - cell.count)
      return alignsLeft.contains(column) ? cell + space : space + cell
    }.joined(separator: "  ")
    while line.last == " " { line.removeLast() }
    return line
  }.joined(separator: "\n")
}
