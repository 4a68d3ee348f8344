// SPDX-License-Identifier: Apache-2.0
//
// The report on the model of a portfolio.
//
// Before    ModelPart.swift     After    LivePagePart.swift

enum ReportPart: PortfolioPart {
  static func files(of portfolio: Portfolio) -> [PortfolioFile] {
    [PortfolioFile("report.html", ReportCommand.page(of: portfolio.reported).html)]
  }
}
