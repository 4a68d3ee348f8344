// SPDX-License-Identifier: Apache-2.0
//
// PageBlock: what stands below a heading.
//
// A kind of block is one type in this folder. Blocks write themselves, so the page does not know which there are.
//
// Before    Page.swift     After    ChartBlock.swift

/// A part of a page.
package protocol PageBlock: Sendable {
  /// The block as HTML.
  ///
  /// - Parameter ids: Gives ids that no other block of the page has.
  func html(_ ids: inout PageIDs) -> String
}

/// Sentences.
package struct Paragraph: PageBlock {
  /// How a paragraph looks.
  package enum Weight: String, Sendable {
    /// As the rest.
    case plain
    /// Larger, for what should be read first.
    case lead
    /// In a frame, for what should not be overlooked.
    case notice
  }

  package var text: String
  package var weight: Weight

  package init(_ text: String, _ weight: Weight = .plain) {
    self.text = text
    self.weight = weight
  }

  package func html(_ ids: inout PageIDs) -> String {
    let style = weight == .plain ? "" : " class=\"\(weight.rawValue)\""
    return "<p\(style)>\(HTML.escaped(text))</p>"
  }
}

/// Points, one below the other.
package struct BulletList: PageBlock {
  package var items: [String]

  package init(_ items: [String]) { self.items = items }

  package func html(_ ids: inout PageIDs) -> String {
    "<ul>\(items.map { "<li>\(HTML.escaped($0))</li>" }.joined(separator: "\n"))</ul>"
  }
}

/// Lines as they are written, such as a command.
package struct Listing: PageBlock {
  package var text: String

  package init(_ text: String) { self.text = text }

  package func html(_ ids: inout PageIDs) -> String {
    "<pre tabindex=\"0\">\(HTML.escaped(text, keepsLines: true))</pre>"
  }
}

/// Blocks that are shown when the reader asks.
package struct FoldedBlock: PageBlock {
  package var summary: String
  package var blocks: [any PageBlock]

  package init(_ summary: String, _ blocks: [any PageBlock]) {
    self.summary = summary
    self.blocks = blocks
  }

  package func html(_ ids: inout PageIDs) -> String {
    let inner = blocks.map { $0.html(&ids) }.joined(separator: "\n")
    return "<details><summary>\(HTML.escaped(summary))</summary>\n\(inner)\n</details>"
  }
}
