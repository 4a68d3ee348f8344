// SPDX-License-Identifier: Apache-2.0
//
// What GitHub Pages shows: the model itself, or the report where a model does not answer in a browser.
//
// Before    ReportPart.swift     After    ClientsPart.swift

import SwiftletModels
import SwiftletServing

enum LivePagePart: PortfolioPart {
  /// Whether a model answers in a page.
  static func answers(_ bundle: ModelBundle) -> Bool { (try? livePage(of: bundle)) != nil }

  static func files(of portfolio: Portfolio) -> [PortfolioFile] {
    let page = try? livePage(of: portfolio.bundle)
    // No Jekyll: the files are shown as they are.
    return [
      PortfolioFile("docs/index.html", page ?? ReportCommand.page(of: portfolio.reported).html),
      PortfolioFile("docs/.nojekyll", ""),
    ]
  }
}
