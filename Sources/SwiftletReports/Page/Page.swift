// SPDX-License-Identifier: Apache-2.0
//
// Page: a report as one file of HTML.
//
// It asks nothing of a network and runs no script, so that it can be mailed, printed, kept, and opened in ten years. A
// policy in its head says so to the browser. Every text is escaped, because a label can come from any file.
//
// Before    CorrelationPlot.swift     After    PageBlock.swift
// Source    WHATWG, "HTML Living Standard", sections 4.3 and 13.1; W3C, "Content Security Policy Level 3"

/// A report.
package struct Page: Sendable {
  /// A part under a heading.
  package struct Section: Sendable {
    package var title: String
    package var blocks: [any PageBlock]

    package init(_ title: String, _ blocks: [any PageBlock]) {
      self.title = title
      self.blocks = blocks
    }
  }

  package var title: String
  /// What stands under the title, such as what the page is about.
  package var subtitle: String
  package var sections: [Section]
  /// What stands at the end, such as the program that made it.
  package var footer: String

  package init(title: String, subtitle: String, sections: [Section], footer: String) {
    self.title = title
    self.subtitle = subtitle
    self.sections = sections
    self.footer = footer
  }

  /// The whole file.
  package var html: String {
    var ids = PageIDs()
    let parts = sections.map { section in (id: ids.next(), section: section) }
    let links = parts.map { "<li><a href=\"#\($0.id)\">\(HTML.escaped($0.section.title))</a></li>" }
    let bodies = parts.map { part in
      """
      <section aria-labelledby="\(part.id)">
      <h2 id="\(part.id)">\(HTML.escaped(part.section.title))</h2>
      \(part.section.blocks.map { $0.html(&ids) }.joined(separator: "\n"))
      </section>
      """
    }
    let nav = parts.count > 2 ? "<nav aria-label=\"Contents\"><ul>\(links.joined(separator: "\n"))</ul></nav>" : ""
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
      <meta name="color-scheme" content="light dark">
      <title>\(HTML.text(title))</title>
      <style>
      \(PageStyle.text)
      </style>
      </head>
      <body>
      <header>
      <h1>\(HTML.text(title))</h1>
      <p>\(HTML.text(subtitle))</p>
      </header>
      \(HTML.withoutAddresses(nav))
      <main>
      \(HTML.withoutAddresses(bodies.joined(separator: "\n")))
      </main>
      <footer><p>\(HTML.text(footer))</p></footer>
      </body>
      </html>

      """
  }
}

/// Ids that differ within a page.
package struct PageIDs {
  private var count = 0

  /// Another id.
  package mutating func next() -> String {
    count += 1
    return "part-\(count)"
  }
}
