// SPDX-License-Identifier: Apache-2.0
//
// ChartBlock: a chart in a page, with its numbers behind a click.
//
// Before    PageBlock.swift     After    TableBlock.swift

/// Charts side by side, each with its numbers.
package struct ChartBlock: PageBlock {
  package var charts: [any Chart]
  /// What they show, in a sentence.
  package var caption: String

  package init(_ charts: [any Chart], caption: String) {
    self.charts = charts
    self.caption = caption
  }

  package init(_ chart: some Chart, caption: String) { self.init([chart], caption: caption) }

  package func html(_ ids: inout PageIDs) -> String {
    var parts: [String] = []
    for chart in charts {
      let picture = chart.svg(.inline(name: ids.next()))
      let table = TableBlock(chart.numbers, caption: chart.title, keepsFirst: false).html(&ids)
      parts.append(
        """
        <div class="chart"><div class="scroll" tabindex="0" role="group" aria-label="\(HTML.escaped(chart.title))">
        \(picture)</div>
        <details><summary>The numbers</summary>
        \(table)
        </details></div>
        """)
    }
    let style = charts.count > 1 ? " class=\"panels\"" : ""
    let text = caption.isEmpty ? "" : "\n<figcaption>\(HTML.escaped(caption))</figcaption>"
    return "<figure><div\(style)>\(parts.joined(separator: "\n"))</div>\(text)</figure>"
  }
}
