// SPDX-License-Identifier: Apache-2.0
//
// The commands of a portfolio, and what its repository leaves out.
//
// Before    RightsPart.swift     After    ServeFlags.swift

enum CommandsPart: PortfolioPart {
  static func files(of portfolio: Portfolio) -> [PortfolioFile] {
    [
      PortfolioFile("Makefile", portfolio.filled(PackageResources.Makefile)),
      PortfolioFile(".gitignore", PackageResources.gitignore),
    ]
  }
}
