// SPDX-License-Identifier: Apache-2.0
//
// The image of a portfolio: what `swiftlet package` writes for one.
//
// Before    Portfolio/JudgedExamples.swift     After    WorkflowsPart.swift

enum ContainerPart: PortfolioPart {
  static func files(of portfolio: Portfolio) throws -> [PortfolioFile] {
    let package = try ModelPackage(bundle: portfolio.modelPath, name: portfolio.name)
    return package.image.map { PortfolioFile($0.name, $0.bytes) }
  }
}
