// SPDX-License-Identifier: Apache-2.0
//
// The models of a portfolio: its own, and the one that it is compared with.
//
// Before    DataPart.swift     After    ReportPart.swift

import Foundation
import SwiftletFormats

enum ModelPart: PortfolioPart {
  static func files(of portfolio: Portfolio) throws -> [PortfolioFile] {
    let folders = [portfolio.modelPath] + (portfolio.alternative.map { ["tried/\($0.name)"] } ?? [])
    return try folders.flatMap { folder in
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
        PortfolioFile("\(folder)/\(name)", try ByteSource.file("\(folder)/\(name)").readAll(limit: 1 << 30))
      }
    }
  }
}
