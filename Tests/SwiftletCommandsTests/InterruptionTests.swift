// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import SwiftletCommands

@Suite("Ctrl-C")
struct InterruptionTests {
  @Test("the first asks the training to end, the second ends the program")
  func twice() {
    let counter = Counter()
    let interruption = Interruption(endAtOnce: { counter.count.add(1, ordering: .relaxed) })
    #expect(!interruption.isRequested)
    interruption.interrupted()
    #expect(interruption.isRequested && counter.count.load(ordering: .relaxed) == 0)
    interruption.interrupted()
    #expect(counter.count.load(ordering: .relaxed) == 1)
  }

  private final class Counter: Sendable { let count = Atomic<Int>(0) }

  @Test("a training that is interrupted saves its best parameters and ends with 130")
  func saves() throws {
    let result = try Program.shell(
      """
      $S train $P/Datasets/iris --model mlp --epochs 1000000 --set training.early_stopping=none --output m 2>messages >/dev/null & pid=$!
      until grep -q 'parameters, by' messages 2>/dev/null; do sleep 0.05; done
      sleep 0.3; kill -INT $pid; wait $pid; echo $?; ls m
      """)
    #expect(result.output.hasPrefix("130\n") && result.output.contains("model.json"), "\(result)")
  }
}
