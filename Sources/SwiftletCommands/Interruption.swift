// SPDX-License-Identifier: Apache-2.0
//
// Ctrl-C: the first ends the training after the current batch, the second ends the program at once.
//
// Before    Terminal/ShellWords.swift     After    TrainCommand.swift

@preconcurrency import Dispatch
import Foundation
import Synchronization

/// Counts interruptions.
final class Interruption: Sendable {
  private let count = Atomic<Int>(0)
  private let source: DispatchSourceSignal

  /// Takes SIGINT over from now on.
  init() {
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global(qos: .userInteractive))
    source.setEventHandler { [weak self] in
      guard let self else { return }
      if self.count.add(1, ordering: .relaxed).newValue > 1 { _exit(130) }
      printError("\nEnding after this batch; the best parameters so far are saved. Ctrl-C again ends at once.")
    }
    source.resume()
  }

  var isRequested: Bool { count.load(ordering: .relaxed) > 0 }
}
