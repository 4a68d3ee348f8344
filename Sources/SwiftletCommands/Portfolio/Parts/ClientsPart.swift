// SPDX-License-Identifier: Apache-2.0
//
// Programs that ask the model of a portfolio, and a question for them.
//
// Before    LivePagePart.swift     After    TestsPart.swift

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTables

enum ClientsPart: PortfolioPart {
  static func files(of portfolio: Portfolio) throws -> [PortfolioFile] {
    let question: JSONValue = ["instances": .array(try JudgedExamples(portfolio, count: 1).questions)]
    return [
      PortfolioFile("clients/question.json", question.encoded() + "\n"),
      PortfolioFile("clients/ask.py", PackageResources.ask_py),
      PortfolioFile("clients/Ask.java", PackageResources.Ask_java),
      PortfolioFile("clients/ask.R", PackageResources.ask_R),
      PortfolioFile("clients/Ask.scala", PackageResources.Ask_scala),
    ]
  }
}
