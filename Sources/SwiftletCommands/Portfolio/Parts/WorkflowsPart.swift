// SPDX-License-Identifier: Apache-2.0
//
// What GitHub does with a portfolio: check it, and show its page.
//
// Before    ContainerPart.swift     After    RightsPart.swift

enum WorkflowsPart: PortfolioPart {
  static func files(of portfolio: Portfolio) -> [PortfolioFile] {
    [
      PortfolioFile(".github/workflows/check.yml", PackageResources.check_yml),
      PortfolioFile(".github/workflows/pages.yml", PackageResources.pages_yml),
    ]
  }
}
