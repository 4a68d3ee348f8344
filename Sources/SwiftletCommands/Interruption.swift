// SPDX-License-Identifier: Apache-2.0
//
// Ctrl-C: the first ends the training after the current batch, the second ends the program at once.
//
// Before    Terminal/ProtectedFiles.swift     After    GivenSetting.swift

@preconcurrency import Dispatch
import Foundation
import Synchronization

/// Counts interruptions.
final class Interruption: Sendable {
  private let count = Atomic<Int>(0)
  private let source: DispatchSourceSignal
  private let sentence: String
  private let endAtOnce: @Sendable () -> Void

  /// Handles SIGINT from now on.
  ///
  /// - Parameter sentence: What the first one prints.
  init(
    says sentence: String = "Ending after this batch; the best parameters so far are saved. Ctrl-C again ends at once.",
    endAtOnce: @escaping @Sendable () -> Void = { _exit(130) }
  ) {
    self.sentence = sentence
    self.endAtOnce = endAtOnce
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global(qos: .userInteractive))
    source.setEventHandler { [weak self] in self?.interrupted() }
    source.resume()
  }

  /// Ctrl-C was pressed.
  func interrupted() {
    if count.add(1, ordering: .relaxed).newValue > 1 { return endAtOnce() }
    printError("\n" + sentence)
  }

  var isRequested: Bool { count.load(ordering: .relaxed) > 0 }
}
