// SPDX-License-Identifier: Apache-2.0
//
// TerminalObserver: a run on the terminal, which Ctrl-C ends.
//
// Before    ProgressLine.swift     After    Chart.swift

import SwiftletData
import SwiftletTables
import SwiftletTraining

/// Shows a run on standard error, and ends it after Ctrl-C.
struct TerminalObserver: RunObserver {
  let progress: ProgressLine
  let interruption: Interruption
  let isQuiet: Bool

  func saw(_ event: RunEvent) {
    switch event {
    case .said(let sentence): if !isQuiet { printError(sentence) }
    case .progressed(let progress): self.progress.show(progress)
    case .warned, .epochEnded, .ended: break  // warnings are printed after the model is saved
    }
  }

  var wantsToStop: Bool { interruption.isRequested }
}

extension DataLoader {
  /// The place that a recipe names.
  init(_ recipe: Recipe) {
    self.init(recipe.data)
    reader = recipe.tableReader
    sqlTable = recipe.source.table
    sqlQuery = recipe.source.query
  }
}
