// SPDX-License-Identifier: Apache-2.0
//
// An observer that keeps what it saw, and stops a run after some batches.

import SwiftletTraining
import Synchronization

final class Recorder: RunObserver {
  private let seen = Mutex<[RunEvent]>([])
  private let batchesLeft: Mutex<Int>

  init(stopsAfter batches: Int = .max) { batchesLeft = Mutex(batches) }

  var events: [RunEvent] { seen.withLock { $0 } }
  var progress: [FitProgress] { events.compactMap { if case .progressed(let progress) = $0 { progress } else { nil } } }
  var epochs: [EpochFigures] { events.compactMap { if case .epochEnded(let figures) = $0 { figures } else { nil } } }

  func saw(_ event: RunEvent) { seen.withLock { $0.append(event) } }

  var wantsToStop: Bool {
    batchesLeft.withLock { left in
      left -= 1
      return left == 0
    }
  }
}
