// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletTensors
import Synchronization
import Testing

@Suite("Thread teams")
struct ThreadTeamTests {
  @Test("every member works once on every piece", arguments: [1, 2, 3, 5])
  func everyMember(count: Int) {
    let team = ThreadTeam(count: count)
    for _ in 0..<200 {
      let seen = Mutex<[Int]>([])
      team.run { member in seen.withLock { $0.append(member) } }
      #expect(seen.withLock { $0.sorted() } == Array(0..<count))
    }
  }

  @Test("members that have gone to sleep wake up")
  func sleepers() {
    let team = ThreadTeam(count: 2)
    let total = Atomic<Int>(0)
    for pause in [0, 200, 20_000, 0, 50_000] as [UInt32] {
      usleep(pause)  // microseconds: from shorter than a member keeps looking to much longer
      team.run { member in _ = total.add(member + 1, ordering: .relaxed) }
    }
    #expect(total.load(ordering: .relaxed) == 15)
  }

  @Test("ranges cover every number once", arguments: [0, 1, 7, 8191, 8192, 8209, 100_000])
  func ranges(size: Int) {
    let team = ThreadTeam(count: 3)
    let ranges = Mutex<[Range<Int>]>([])
    team.forEachRange(of: size) { range in ranges.withLock { $0.append(range) } }
    let sorted = ranges.withLock { $0.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) } }
    #expect(sorted.flatMap { Array($0) } == Array(0..<size))
    #expect(sorted.allSatisfy { $0.lowerBound % 16 == 0 || $0.isEmpty })
  }

  @Test("a sum over a team is the sum alone, bit for bit")
  func additionTwin() {
    var generator = Generator(seed: 3)
    let (a, b) = (
      Tensor.normal([123, 457], using: &generator), Tensor.normal([123, 457], using: &generator)
    )
    var shared = a
    shared.add(b, over: ThreadTeam(count: 2))
    #expect(shared == a + b)
  }
}
