// SPDX-License-Identifier: Apache-2.0
//
// Which numbers rise and fall together.
//
// Before    TargetSection.swift     After    OutliersSection.swift

import SwiftletReports
import SwiftletTables
import SwiftletUnderstanding

enum CorrelationsSection: DataSection {
  static let title = "Columns that go together"
  private static let mostColumns = 10

  static func blocks(_ data: LookedAtData) throws -> [any PageBlock] {
    let columns = data.features.filter(varies)  // of a column that is the same in all rows there is no correlation
    guard columns.count > 1 else { return [] }
    // O(F² · N): a very wide table is looked at from its beginning.
    let compared = columns.prefix(60)
    let step = max(1, data.rows.count / 2000)
    let rows = stride(from: 0, to: data.rows.count, by: step).map { Int(data.rows[$0]) }
    let values = compared.compactMap { column in column.numbers.map { numbers in rows.map { numbers[$0] } } }
    var matrix = values.map { _ in Array(repeating: 1.0, count: values.count) }
    for a in values.indices {
      for b in 0..<a {
        let r = correlation(values[a], values[b])
        matrix[a][b] = r
        matrix[b][a] = r
      }
    }
    // The columns with the strongest ties, in the order of the file.
    let ties = matrix.indices.map { row in
      matrix[row].indices.filter { $0 != row }.map { matrix[row][$0].magnitude }.max() ?? 0
    }
    let chosen = matrix.indices.sorted { (-ties[$0], $0) < (-ties[$1], $1) }.prefix(mostColumns).sorted()
    let plot = CorrelationPlot(
      title: "Correlation of the numbers", names: chosen.map { compared[$0].name },
      values: chosen.map { row in chosen.map { matrix[row][$0] } })
    let more = columns.count > chosen.count ? " The \(chosen.count) with the strongest ties of \(columns.count)." : ""
    let wide = columns.count > compared.count ? " Only the first \(compared.count) columns were compared." : ""
    return [
      ChartBlock(
        plot,
        caption:
          "Pearson's r. Of two columns near 1 or −1, one is superfluous; and each hides how much the model needs the other.\(more)\(wide)"
      )
    ]
  }

  private static func varies(_ column: Column) -> Bool {
    guard let numbers = column.numbers, let first = numbers.first(where: \.isFinite) else { return false }
    return numbers.contains { $0.isFinite && $0 != first }
  }
}
