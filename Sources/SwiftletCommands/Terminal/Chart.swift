// SPDX-License-Identifier: Apache-2.0
//
// A chart in the terminal: the losses of a run.
//
// Before    TerminalObserver.swift     After    TextTable.swift

import SwiftletFormats

/// Draws lines of numbers with Braille dots, two across and four down in each character.
///
/// - Parameters:
///   - series: At least one line; all begin at the same place. All but the first are dashed.
///   - width: In characters, without the labels.
/// - Returns: The chart, labeled with its largest and smallest value; empty if there is nothing to draw.
func chart(_ series: [[Double]], width: Int = 60, height: Int = 10) -> String {
  let finite = series.flatMap { $0 }.filter(\.isFinite)
  let length = series.map(\.count).max() ?? 0
  guard let low = finite.min(), let high = finite.max(), length > 1 else { return "" }
  var dots = Array(repeating: Array(repeating: UInt32(0), count: width), count: height)
  // The bits of a Braille character, by row and column of its eight dots (Unicode, block 2800).
  let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
  for (number, line) in series.enumerated() {
    for column in 0..<width * 2 where number == 0 || column % 6 < 3 {
      let position = Double(column) / Double(width * 2 - 1) * Double(length - 1)
      guard Int(position.rounded()) < line.count, line[Int(position.rounded())].isFinite else { continue }
      // Halves, because the distance of two numbers can be too large to be one.
      let share = high > low ? (line[Int(position.rounded())] / 2 - low / 2) / (high / 2 - low / 2) : 0.5
      let row = Int(((1 - share) * Double(height * 4 - 1)).rounded())
      dots[row / 4][column / 2] |= bits[row % 4][column % 2]
    }
  }
  let labels = [decimals(high, 4), decimals(low, 4)]
  let labelWidth = labels.map(\.count).max() ?? 0
  return dots.enumerated().map { row, characters in
    let label = row == 0 ? labels[0] : row == height - 1 ? labels[1] : ""
    let text = characters.map { String(UnicodeScalar(0x2800 + $0) ?? " ") }.joined()
    return String(repeating: " ", count: labelWidth - label.count) + label + " ┤" + text
  }.joined(separator: "\n")
}
