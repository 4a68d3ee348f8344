// SPDX-License-Identifier: Apache-2.0
//
// Progress: a live line on a terminal, and plain lines elsewhere.
//
// Before    AddressSpace.swift     After    TerminalObserver.swift

import Foundation
import SwiftletFormats
import SwiftletTraining
import Synchronization

/// Shows how far a fit has come, on standard error.
final class ProgressLine: Sendable {
  private struct State {
    var lastShown: ContinuousClock.Instant?
    var isLineOpen = false
  }

  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let isQuiet: Bool
  private let state = Mutex(State())

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  func show(_ progress: FitProgress) {
    guard !isQuiet else { return }
    let now = ContinuousClock.now
    state.withLock { state in
      if isTerminal {
        let isDue = state.lastShown.map { now - $0 > .milliseconds(100) } ?? true
        guard isDue || progress.fraction >= 1 && progress.figures.epoch == progress.epochCount else { return }
        state.lastShown = now
        state.isLineOpen = true
        LineWriter.standardError.write("\r\u{1B}[K" + ProgressLine.text(progress, withBar: true))
      } else if progress.fraction >= 1 {
        // About ten plain lines for a run, and the last one.
        let every = max(1, progress.epochCount / 10)
        guard progress.figures.epoch % every == 0 || progress.figures.epoch == progress.epochCount else { return }
        printError(ProgressLine.text(progress, withBar: false))
      }
    }
  }

  /// Ends the live line, so that what follows begins on one of its own.
  func finish() {
    state.withLock { state in
      if state.isLineOpen { LineWriter.standardError.write("\r\u{1B}[K") }
      state.isLineOpen = false
    }
  }

  static func text(_ progress: FitProgress, withBar: Bool) -> String {
    let figures = progress.figures
    var parts: [String] = []
    if withBar {
      let done = (Double(figures.epoch - 1) + progress.fraction) / Double(max(progress.epochCount, 1))
      let filled = Int((done * 20).rounded())
      parts.append("[" + String(repeating: "█", count: filled) + String(repeating: "·", count: 20 - filled) + "]")
    }
    parts.append("epoch \(figures.epoch)/\(progress.epochCount)")
    parts.append("loss \(decimals(figures.trainLoss, 4))")
    if let loss = figures.validationLoss { parts.append("validation loss \(decimals(loss, 4))") }
    if let metric = figures.validationMetric { parts.append("\(metric.name) \(decimals(metric.value, 4))") }
    parts.append("\(Int(min(progress.examplesPerSecond, 1e12))) examples/s")
    if withBar, progress.secondsLeft.isFinite {
      parts.append("\(Int(min(progress.secondsLeft, 1e9).rounded(.up))) s left")
    }
    return parts.joined(separator: "  ")
  }
}
